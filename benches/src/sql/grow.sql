-- Parcels that were moved ten times each, written as nobody but a superuser can: without the triggers.
SET session_replication_role = replica;
INSERT INTO parcels (id, version, event) SELECT n, 11, 'stop' FROM generate_series(1, KEYS) AS n;
INSERT INTO parcels_history (id, version, event, from_state, to_state, data)
SELECT n, v,
    CASE WHEN v = 1 THEN 'create' WHEN v % 2 = 0 THEN 'send' ELSE 'stop' END,
    CASE WHEN v = 1 THEN NULL WHEN v % 2 = 0 THEN 'waiting' ELSE 'moving' END,
    CASE WHEN v % 2 = 0 THEN 'moving' ELSE 'waiting' END,
    CASE WHEN v % 2 = 0 THEN jsonb_build_object('truck', 'north') END
FROM generate_series(1, KEYS) AS n, generate_series(1, 11) AS v;
RESET session_replication_role;
