            UPDATE {jobs} j SET job = {to} WHERE j.id = ANY (workflow_batch) AND j.kind = {kind} AND j.job = {from};
