WITH met AS (
    INSERT INTO workflow.schedules (name, expression) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING
    RETURNING last, attempt, retry_at
)
SELECT m.last, m.attempt, m.retry_at, now() AS now FROM met m
UNION ALL
SELECT s.last, s.attempt, s.retry_at, now() FROM workflow.schedules s WHERE s.name = $1
