UPDATE workflow.schedules s SET last = $3, expression = $4, attempt = 0, retry_at = NULL, last_error = NULL
FROM (
    SELECT d.name FROM workflow.schedules d
    WHERE d.name = $1 AND d.last = $2 AND $3 <= now() AND (d.retry_at IS NULL OR d.retry_at <= now())
    FOR NO KEY UPDATE SKIP LOCKED) mine
WHERE s.name = mine.name
