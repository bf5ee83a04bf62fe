SELECT id FROM accounts
