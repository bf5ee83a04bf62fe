            UPDATE {jobs} j SET run_at = {run_at} FROM {table} o
            WHERE o.{id} = ANY (workflow_batch) AND o.state {states} AND j.id = o.{id} AND j.kind = 'timer' AND j.job = {job};
