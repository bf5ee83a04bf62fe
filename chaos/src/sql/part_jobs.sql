SELECT id, version, kind, job, attempt, last_error FROM parts_jobs WHERE id = ANY ($1) ORDER BY id, version
