SELECT id, version, event, from_state, to_state, actor, key, NULL::bigint AS amount, NULL::bigint AS stake, NULL::uuid AS receipt
FROM parts_history WHERE id = ANY ($1) ORDER BY id, version
