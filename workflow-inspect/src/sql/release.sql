-- Locked first and read then: what comes back is how it was, also when somebody else was at it.
WITH parked AS MATERIALIZED (
    SELECT j.id, j.version, j.kind, j.job, {job} AS was
    FROM {jobs} j
    WHERE j.finished_at IS NULL AND j.run_at = 'infinity' AND (j.kind <> 'timer' OR j.attempt > j.forgiven)
        AND (($1::text[])[1] IS NULL OR j.job = ($1::text[])[1]) {of}
    ORDER BY j.id, j.version, j.kind, j.job
    FOR UPDATE
)
UPDATE {jobs} j SET run_at = now(), forgiven = j.attempt
FROM parked p
WHERE j.id = p.id AND j.version = p.version AND j.kind = p.kind AND j.job = p.job
RETURNING p.was
