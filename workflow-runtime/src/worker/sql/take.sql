UPDATE {jobs} SET run_at = now() + $7 * interval '1 millisecond', attempt = attempt + 1
WHERE id = $1 AND version = $2 AND kind = $3 AND job = $4 AND attempt = $5 AND run_at = $6 AND finished_at IS NULL
