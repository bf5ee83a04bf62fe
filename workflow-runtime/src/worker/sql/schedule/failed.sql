UPDATE workflow.schedules SET attempt = attempt + 1, last_error = $3, retry_at = now() + $4 * interval '1 millisecond'
WHERE name = $1 AND last = $2
