UPDATE {parents} p SET run_at = now(), attempt = p.attempt + 1, forgiven = p.attempt + 1 FROM {table} o
WHERE o.{key} = $1 AND p.id = o.{column} AND p.version = $2 AND p.kind = 'join' AND p.job = $3
    AND p.finished_at IS NULL AND p.run_at < 'infinity'
