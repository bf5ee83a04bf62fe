            INSERT INTO {jobs} (id, version, job, kind, run_at)
            SELECT o.{id}, o.version, {job}, {kind}, {run_at} FROM {table} o
            WHERE o.{id} = ANY (workflow_batch) AND o.state {states} AND {run_at} IS NOT NULL
                AND NOT EXISTS (SELECT FROM {jobs} j WHERE j.id = o.{id} AND j.kind = {kind} AND j.job = {job})
                -- What has fired in this stay does not begin again, also when this file is applied a second time.
                AND NOT ({kind} IN ('timer', 'join') AND EXISTS
                    (SELECT FROM {history} h WHERE h.id = o.{id} AND h.event = {job} AND h.at > o.entered_at));
