SELECT id, version, kind, job, attempt, last_error FROM accounts_jobs WHERE id = ANY ($1) ORDER BY id, version
