-- The attempt grows without counting, as in `again`.
UPDATE {jobs} SET run_at = now() + $6 * interval '1 millisecond', attempt = attempt + 1, forgiven = attempt + 1, last_error = NULL
WHERE id = $1 AND version = $2 AND kind = $3 AND job = $4 AND attempt = $5
