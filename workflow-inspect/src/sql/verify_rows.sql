SELECT jsonb_build_object('fault', found.fault, 'id', found.id, 'version', found.version, 'said', found.said, 'older', found.older)
FROM (
    SELECT o.{id}::text AS id, o.version, f.fault, f.said, false AS older
    FROM {table} o
    LEFT JOIN LATERAL (SELECT h.version, h.event, h.to_state, h.actor, h.key FROM {history} h
        WHERE h.id = o.{id} ORDER BY h.version DESC LIMIT 1) last ON true
    LEFT JOIN LATERAL {entry} entry ON true
    CROSS JOIN LATERAL (VALUES
        ('unknown_state', CASE WHEN o.state <> ALL ({states}) THEN format('it is in %s, which is no state', o.state) END),
        ('history_missing', CASE WHEN last.version IS NULL THEN 'it has no history' END),
        ('version', CASE WHEN last.version <> o.version THEN
            format('its version is %s, and the last step is %s', o.version, last.version) END),
        ('state', CASE WHEN last.to_state <> o.state THEN
            format('it is in %s, and the last step led to %s', o.state, last.to_state) END),
        ('event', CASE WHEN last.event <> o.event THEN
            format('its event is %s, and that of the last step %s', o.event, last.event) END),
        ('entered_at', CASE WHEN entry.at <> o.entered_at THEN
            format('it is in its state since %s, and the step that entered it is of %s', o.entered_at, entry.at) END),
        ('author', CASE WHEN o.keyed > o.version THEN format('it names the author of version %s, which has not come', o.keyed)
            WHEN o.keyed = o.version AND last.version = o.version AND (o.actor, o.key) IS DISTINCT FROM (last.actor, last.key) THEN
            format('it names %s as author of its last step, and history %s', concat_ws(' ', o.actor, o.key), concat_ws(' ', last.actor, last.key)) END)
    ) f (fault, said)
    WHERE f.said IS NOT NULL
) found
