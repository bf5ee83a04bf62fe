            -- Without a time there is no timer, and one that had none begins.
            DELETE FROM {jobs} j USING {table} o WHERE o.{id} = ANY (batch) AND o.state {states} AND {run_at} IS NULL
                AND j.id = o.{id} AND j.kind = 'timer' AND j.job = {job};
            UPDATE {jobs} j SET run_at = {run_at} FROM {table} o
            WHERE o.{id} = ANY (batch) AND o.state {states} AND {run_at} IS NOT NULL AND j.id = o.{id} AND j.kind = 'timer' AND j.job = {job};
