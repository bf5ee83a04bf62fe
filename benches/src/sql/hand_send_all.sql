WITH moved AS (
    UPDATE hand_parcels SET state = 'moving', version = version + 1, entered_at = now(), truck = 'north'
    WHERE state = 'waiting' RETURNING id, version, truck
), recorded AS (
    INSERT INTO hand_history (id, version, event, from_state, to_state, data)
    SELECT id, version, 'send', 'waiting', 'moving', jsonb_build_object('truck', truck) FROM moved
)
INSERT INTO hand_jobs (id, version, job, kind, run_at) SELECT id, version, 'lose', 'timer', now() + interval '14 days' FROM moved
