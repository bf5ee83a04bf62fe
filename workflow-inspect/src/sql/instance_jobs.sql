SELECT {job}
FROM {jobs} j
WHERE j.id = ($1::text[])[1]::{id_type} AND j.finished_at IS NULL
ORDER BY j.run_at, j.kind, j.job, j.version
