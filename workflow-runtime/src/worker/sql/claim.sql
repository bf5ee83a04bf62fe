WITH wanted AS (
    SELECT w.kind, w.job, w.most FROM unnest($1::text[], $2::text[], $3::bigint[]) AS w (kind, job, most)
), due AS MATERIALIZED (
    SELECT d.id, d.version, d.kind, d.job, d.run_at
    FROM wanted w CROSS JOIN LATERAL (
        SELECT j.id, j.version, j.kind, j.job, j.run_at FROM {jobs} j
        WHERE j.kind = w.kind AND j.job = w.job AND j.finished_at IS NULL AND j.run_at <= now()
        ORDER BY j.run_at LIMIT w.most FOR UPDATE SKIP LOCKED) d
    LIMIT $4
)
UPDATE {jobs} j SET run_at = now() + $5 * interval '1 millisecond', attempt = j.attempt + 1
FROM due d WHERE j.id = d.id AND j.version = d.version AND j.kind = d.kind AND j.job = d.job
RETURNING j.id, j.version, j.kind, j.job, j.attempt, j.forgiven, j.trace, d.run_at AS due
