SET LOCAL lock_timeout = '300ms';
LOCK TABLE {views}, {table}, {history}, {jobs} IN ACCESS EXCLUSIVE MODE;
