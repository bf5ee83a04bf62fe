(SELECT {lane} AS lane, extract(epoch FROM j.run_at - now())::float8 AS seconds{due} FROM {jobs} j
WHERE j.finished_at IS NULL AND j.run_at < 'infinity' AND (j.kind, j.job) IN ({known}) ORDER BY j.run_at LIMIT 1)
