SELECT {job}
FROM {jobs} j
WHERE j.finished_at IS NULL AND j.run_at = 'infinity' AND (j.kind <> 'timer' OR j.attempt > j.forgiven)
    AND (($1::text[])[1] IS NULL OR j.job = ($1::text[])[1]) {of}
ORDER BY j.kind, j.job, j.id, j.version
