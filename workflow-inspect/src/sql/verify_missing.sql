SELECT jsonb_build_object('fault', found.fault, 'id', found.id, 'version', found.version, 'said', found.said, 'older', found.older)
FROM (
    SELECT o.{id}::text AS id, o.version, 'job_missing' AS fault, format('the %s %s of the state %s is not there', b.kind, b.job, o.state) AS said,
        b.once <> '{}' AND coalesce(entry.at < since.migrated_at, false) AS older
    FROM (SELECT coalesce((SELECT m.migrated_at FROM workflow.models m WHERE m.workflow = ($1::text[])[1]), '-infinity') AS migrated_at) since
    CROSS JOIN {table} o
    CROSS JOIN LATERAL (VALUES {bound}) b (state, kind, job, required, once, due, moves)
    LEFT JOIN LATERAL {entry} entry ON true
    WHERE b.state = o.state AND b.required AND b.due IS NOT NULL
        AND NOT EXISTS (SELECT FROM {jobs} j WHERE j.id = o.{id} AND j.kind = b.kind AND j.job = b.job)
        -- Once a stay: then it has fired.
        AND NOT EXISTS (SELECT FROM {history} h WHERE h.id = o.{id} AND h.version > coalesce(entry.version, 0) AND h.event = ANY (b.once))
) found
