-- A value of an older step may have been converted by a migration since, and a field may not have been there.
SELECT jsonb_build_object('fault', found.fault, 'id', found.id, 'version', found.version, 'said', found.said, 'older', found.older)
FROM (
    SELECT o.{id}::text AS id, o.version, 'data' AS fault,
        CASE WHEN f.label IS NULL THEN NULL
            WHEN NOT coalesce(last.data, '{}') ? f.label THEN format('history does not have its %s', f.label)
            WHEN f.written = 'null' AND last.data -> f.label <> 'null' THEN format('history holds a %s that cannot be read', f.label)
            ELSE format('its %s is not what the last step wrote', f.label) END AS said,
        last.at < since.migrated_at AS older
    FROM (SELECT coalesce((SELECT m.migrated_at FROM workflow.models m WHERE m.workflow = ($1::text[])[1]), '-infinity') AS migrated_at) since
    CROSS JOIN {table} o
    CROSS JOIN LATERAL (SELECT h.version, h.data, h.at FROM {history} h WHERE h.id = o.{id} ORDER BY h.version DESC LIMIT 1) last
    CROSS JOIN LATERAL {recorded}(last.data) r
    CROSS JOIN LATERAL (SELECT v.label, v.states, coalesce(v.stands, 'null') AS stands, coalesce(v.written, 'null') AS written
        FROM (VALUES {fields}) v (label, states, stands, written)) f
    WHERE o.state = ANY (f.states) AND last.version = o.version
        AND CASE WHEN coalesce(last.data, '{}') ? f.label THEN f.stands <> f.written OR f.written = 'null' AND last.data -> f.label <> 'null'
            ELSE last.at >= since.migrated_at END
) found
