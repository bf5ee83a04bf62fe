-- Somebody who is neither idle nor one of those who were there before the proof.
SELECT format('%s: %s', a.state, a.query)
FROM pg_stat_activity a
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
    AND a.state <> 'idle' AND NOT a.pid = ANY ($1)
LIMIT 1
