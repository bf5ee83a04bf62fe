INSERT INTO workflow.schedules (name, expression) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING
