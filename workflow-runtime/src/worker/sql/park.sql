-- As in `again`: an extension must not take it out of its place.
UPDATE {jobs} SET run_at = 'infinity', last_error = $6, attempt = attempt + 1, forgiven = forgiven + 1
WHERE id = $1 AND version = $2 AND kind = $3 AND job = $4 AND attempt = $5
