-- What this transaction has locked of the tables and views that were there before it ($1), and how often it has read all of a table.
SELECT c.oid::bigint, n.nspname || '.' || c.relname, l.mode, coalesce(s.seq_scan, 0) AS scans
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_xact_all_tables s ON s.relid = c.oid
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND c.oid::bigint = ANY ($1) AND c.relkind IN ('r', 'p', 'v', 'm')
