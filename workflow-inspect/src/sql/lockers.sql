WITH holders AS (
    {holders}
)
SELECT jsonb_build_object('pid', h.pid, 'row', bool_or(h.of_row), 'application', nullif(a.application_name, ''), 'role', a.usename,
    'state', a.state, 'age', extract(epoch FROM clock_timestamp() - a.xact_start))
FROM holders h LEFT JOIN pg_stat_activity a ON a.pid = h.pid
WHERE h.pid <> pg_backend_pid()
GROUP BY h.pid, a.application_name, a.usename, a.state, a.xact_start
ORDER BY h.pid
