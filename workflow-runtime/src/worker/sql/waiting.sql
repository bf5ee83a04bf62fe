SELECT p.version, p.job FROM {jobs} j JOIN {table} o ON o.{key} = j.id
JOIN {parents} p ON p.id = o.{column} AND p.kind = 'join' AND p.finished_at IS NULL
WHERE j.id = $1 AND j.version = $2 AND j.kind = $3 AND j.job = $4 AND j.attempt = $5
