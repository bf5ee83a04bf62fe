SELECT d.id, d.version, d.kind, d.job, d.attempt, d.forgiven, d.trace, d.run_at AS due
FROM unnest($1::text[], $2::text[], $3::bigint[]) AS w (kind, job, most)
CROSS JOIN LATERAL (
    SELECT j.id, j.version, j.kind, j.job, j.attempt, j.forgiven, j.trace, j.run_at FROM {jobs} j
    WHERE j.kind = w.kind AND j.job = w.job AND j.finished_at IS NULL AND j.run_at <= now()
    ORDER BY j.run_at LIMIT w.most) d
LIMIT $4
