SELECT jsonb_build_object('fault', found.fault, 'id', found.id, 'version', found.version, 'said', found.said, 'older', found.older)
FROM (
    SELECT h.id::text AS id, 'row_missing' AS fault, max(h.version) AS version,
        format('there are %s steps of it, and no row', count(*)) AS said, false AS older
    FROM {history} h
    WHERE NOT EXISTS (SELECT FROM {table} o WHERE o.{id} = h.id)
    GROUP BY h.id
) found
