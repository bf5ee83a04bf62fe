SELECT jsonb_build_object('version', h.version, 'at', h.at, 'event', h.event, 'from_state', h.from_state, 'to_state', h.to_state,
    'actor', h.actor, 'role', h.role, 'key', h.key, 'note', h.note, 'data', h.data)
FROM {history} h
WHERE h.id = ($1::text[])[1]::{id_type}
ORDER BY h.version
