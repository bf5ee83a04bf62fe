SELECT id, account_id FROM parts WHERE account_id = ANY ($1) ORDER BY id
