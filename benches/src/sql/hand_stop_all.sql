WITH moved AS (
    UPDATE hand_parcels SET state = 'waiting', version = version + 1, entered_at = now(), truck = NULL
    WHERE state = 'moving' RETURNING id, version
), recorded AS (
    INSERT INTO hand_history (id, version, event, from_state, to_state) SELECT id, version, 'stop', 'moving', 'waiting' FROM moved
)
DELETE FROM hand_jobs j USING moved WHERE j.id = moved.id
