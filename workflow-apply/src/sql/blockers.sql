-- Who keeps that session waiting: holders of its lock, and those who wait for it in front. 0 stands for a prepared transaction.
-- Not what they run: the text of a statement may hold personal data, and this ends up in the logs of a deploy.
SELECT b.pid, nullif(a.application_name, ''), a.state, extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS age
FROM (SELECT DISTINCT unnest(pg_catalog.pg_blocking_pids($1)) AS pid) b
LEFT JOIN pg_catalog.pg_stat_activity a USING (pid)
ORDER BY age DESC NULLS LAST, b.pid
