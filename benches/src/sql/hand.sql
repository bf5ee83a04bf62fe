-- The same by hand: tables, rows and indexes as the generated ones have them, and one function a move, written for speed.
CREATE TABLE hand_parcels (
    id bigint PRIMARY KEY,
    state text NOT NULL DEFAULT 'waiting',
    version bigint NOT NULL DEFAULT 1,
    entered_at timestamptz NOT NULL DEFAULT now(),
    truck text
) WITH (fillfactor = 80);

CREATE TABLE hand_history (
    id bigint NOT NULL,
    version bigint NOT NULL,
    event text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    data jsonb,
    actor text,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, version)
);

CREATE TABLE hand_jobs (
    id bigint NOT NULL,
    version bigint NOT NULL,
    job text NOT NULL,
    kind text NOT NULL,
    run_at timestamptz NOT NULL DEFAULT now(),
    attempt integer NOT NULL DEFAULT 0,
    PRIMARY KEY (id, version, kind, job)
) WITH (fillfactor = 70);
CREATE INDEX hand_jobs_due ON hand_jobs (kind, job, run_at);

CREATE TABLE hand_shelves (pallet bigint PRIMARY KEY, moves bigint NOT NULL DEFAULT 0) WITH (fillfactor = 80);

CREATE FUNCTION hand_send(parcel bigint, truck text) RETURNS hand_parcels LANGUAGE plpgsql AS $$
DECLARE
    moved hand_parcels;
BEGIN
    UPDATE hand_parcels p SET state = 'moving', version = p.version + 1, entered_at = now(), truck = hand_send.truck
        WHERE p.id = parcel AND p.state = 'waiting' RETURNING p.* INTO moved;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'parcel % does not wait', parcel;
    END IF;
    INSERT INTO hand_history (id, version, event, from_state, to_state, data)
        VALUES (parcel, moved.version, 'send', 'waiting', 'moving', jsonb_build_object('truck', hand_send.truck));
    INSERT INTO hand_jobs (id, version, job, kind, run_at) VALUES (parcel, moved.version, 'lose', 'timer', now() + interval '14 days');
    RETURN moved;
END $$;

CREATE FUNCTION hand_stop(parcel bigint) RETURNS hand_parcels LANGUAGE plpgsql AS $$
DECLARE
    moved hand_parcels;
BEGIN
    UPDATE hand_parcels p SET state = 'waiting', version = p.version + 1, entered_at = now(), truck = NULL
        WHERE p.id = parcel AND p.state = 'moving' RETURNING p.* INTO moved;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'parcel % does not move', parcel;
    END IF;
    INSERT INTO hand_history (id, version, event, from_state, to_state) VALUES (parcel, moved.version, 'stop', 'moving', 'waiting');
    DELETE FROM hand_jobs j WHERE j.id = parcel;
    RETURN moved;
END $$;
