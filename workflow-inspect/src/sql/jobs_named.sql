SELECT {job}
FROM {jobs} j
WHERE j.id = ($1::text[])[1]::{id_type} AND j.job = ($1::text[])[2]
ORDER BY j.version, j.kind
