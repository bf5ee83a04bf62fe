-- Neither this attempt counts nor the one that is added, as in `again`.
UPDATE {jobs} SET run_at = now() + $6 * interval '1 millisecond', attempt = attempt + 1, forgiven = least(forgiven + 2, attempt + 1)
WHERE id = $1 AND version = $2 AND kind = $3 AND job = $4 AND attempt = $5
