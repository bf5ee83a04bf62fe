SELECT id FROM accounts WHERE state <> 'closed' ORDER BY random() LIMIT 60 FOR UPDATE SKIP LOCKED
