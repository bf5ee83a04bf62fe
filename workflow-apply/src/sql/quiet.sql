-- No time-out of the role or the database cuts off a long statement, or a pause of ours; only those that this PostgreSQL has. One
-- is wanted: should this machine vanish in the middle of a transaction, its locks shall not stay.
SELECT pg_catalog.set_config(name, CASE name WHEN 'lock_timeout' THEN $1 WHEN 'idle_in_transaction_session_timeout' THEN '60s' ELSE '0' END, false)
FROM pg_catalog.pg_settings
WHERE name IN ('lock_timeout', 'idle_in_transaction_session_timeout', 'statement_timeout', 'transaction_timeout', 'idle_session_timeout')
