            DELETE FROM {jobs} j USING {table} o
            WHERE o.{id} = ANY (workflow_batch) AND o.state {states} AND {run_at} IS NULL AND j.id = o.{id} AND j.kind = 'timer' AND j.job = {job};
