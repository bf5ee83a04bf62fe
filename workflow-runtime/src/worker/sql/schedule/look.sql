SELECT last, attempt, retry_at, now() AS now FROM workflow.schedules WHERE name = $1
