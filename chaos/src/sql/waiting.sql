-- Sessions that wait for one of these.
SELECT count(*) FROM pg_stat_activity a WHERE a.wait_event_type = 'Lock' AND pg_blocking_pids(a.pid) && $1
