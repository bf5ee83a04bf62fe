SELECT id, state, event, version, NULL::bigint AS amount FROM parts WHERE id = ANY ($1)
