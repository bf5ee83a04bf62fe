UPDATE {jobs} SET run_at = now() + $6 * interval '1 millisecond', forgiven = attempt, last_error = NULL
WHERE id = $1 AND version = $2 AND kind = $3 AND job = $4 AND attempt = $5
