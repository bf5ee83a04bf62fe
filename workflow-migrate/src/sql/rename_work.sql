            UPDATE {jobs} j SET job = {to} WHERE j.id = ANY (batch) AND j.kind = {kind} AND j.job = {from};
