-- `run_at` is schedule, lease and back-off in one: what a worker holds is due later.
SELECT j.kind, j.job, coalesce(o.state, '') AS state, count(*) AS pending,
       count(*) FILTER (WHERE j.run_at <= now()) AS due,
       count(*) FILTER (WHERE j.run_at < now() - interval '1 minute') AS late,
       count(*) FILTER (WHERE j.attempt > j.forgiven) AS tried, max(j.attempt - j.forgiven) AS attempts
FROM {jobs} j LEFT JOIN {table} o ON o.{id} = j.id
WHERE j.finished_at IS NULL
GROUP BY j.kind, j.job, coalesce(o.state, '')
ORDER BY j.kind, j.job, 3
