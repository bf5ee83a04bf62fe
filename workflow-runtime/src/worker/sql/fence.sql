WITH held AS MATERIALIZED (SELECT o.{key} AS id FROM {table} o WHERE o.{key} = $1 FOR NO KEY UPDATE)
DELETE FROM {jobs} j USING held h
WHERE j.id = h.id AND j.version = $2 AND j.kind = $3 AND j.job = $4 AND j.attempt = $5
