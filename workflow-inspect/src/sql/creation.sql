SELECT {job}
FROM {jobs} j
WHERE j.id = ($1::text[])[1]::{id_type} AND j.kind = 'creation' AND j.finished_at IS NULL
