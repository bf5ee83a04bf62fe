SELECT l.pid, true AS of_row
    FROM {table} o JOIN pg_locks l ON l.locktype = 'transactionid' AND l.granted AND l.transactionid = o.xmax
    WHERE o.{id} = ($1::text[])[1]::{id_type}
    UNION ALL
    SELECT l.pid, false FROM pg_locks l
    WHERE l.locktype = 'relation' AND l.granted AND l.relation = to_regclass(($1::text[])[2])
        AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
        AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
