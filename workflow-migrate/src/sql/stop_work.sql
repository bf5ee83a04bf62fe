DELETE FROM {jobs} j WHERE j.kind = {kind} AND j.job = {job}
    AND EXISTS (SELECT FROM {table} o WHERE o.{id} = j.id AND o.state {states});
