SELECT id, version, event, from_state, to_state, actor, key, (data ->> 'amount')::bigint AS amount,
       coalesce(data ->> 'price', data ->> 'sum')::bigint AS stake, (data ->> 'receipt')::uuid AS receipt
FROM accounts_history WHERE id = ANY ($1) ORDER BY id, version
