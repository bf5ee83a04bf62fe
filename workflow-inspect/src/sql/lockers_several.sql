SELECT l.pid, true AS of_row
    FROM {table} o
    CROSS JOIN LATERAL pg_get_multixact_members(o.xmax) m
    JOIN pg_locks l ON l.locktype = 'transactionid' AND l.granted AND l.transactionid = m.xid
    WHERE o.{id} = ($1::text[])[1]::{id_type} AND o.xmax <> '0'::xid AND m.mode <> 'keysh'
