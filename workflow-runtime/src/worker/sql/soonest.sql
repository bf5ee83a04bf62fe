(SELECT {lane} AS lane, k.place, extract(epoch FROM f.run_at - now())::float8 AS seconds, {due}::bigint AS due
FROM (VALUES {known}) AS k (place, kind, job) CROSS JOIN LATERAL (
    SELECT j.run_at FROM {jobs} j WHERE j.kind = k.kind AND j.job = k.job AND j.finished_at IS NULL AND j.run_at < 'infinity'
    ORDER BY j.run_at LIMIT 1) f)
