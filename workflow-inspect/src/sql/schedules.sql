SELECT jsonb_build_object('schedule', s.name, 'expression', s.expression, 'last', s.last, 'attempt', s.attempt,
    'retry_at', s.retry_at, 'last_error', s.last_error)
FROM workflow.schedules s
ORDER BY s.name
