-- The attempt grows without counting, so that an extension of its lease that is still on its way changes nothing any more.
UPDATE {jobs} SET run_at = now() + $6 * interval '1 millisecond', last_error = coalesce($7, last_error), attempt = attempt + 1, forgiven = forgiven + 1
WHERE id = $1 AND version = $2 AND kind = $3 AND job = $4 AND attempt = $5
