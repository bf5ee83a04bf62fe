SELECT id, state, event, version, amount FROM accounts WHERE id = ANY ($1)
