(SELECT count(*) FROM (SELECT FROM (VALUES {known}) AS w (place, kind, job) CROSS JOIN LATERAL (
    SELECT FROM {jobs} j WHERE j.kind = w.kind AND j.job = w.job AND j.finished_at IS NULL AND j.run_at <= now() LIMIT 10000) d
LIMIT 10000) c)
