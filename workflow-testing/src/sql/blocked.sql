-- Somebody of this database waits for this one, or for anybody.
SELECT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = current_database()
    AND CASE WHEN $1 IS NULL THEN cardinality(pg_blocking_pids(a.pid)) > 0 ELSE $1 = ANY (pg_blocking_pids(a.pid)) END)
