-- The `room` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

CREATE TABLE public.rooms (
    trip_id uuid PRIMARY KEY,
    hotel text NOT NULL,
    state text NOT NULL DEFAULT 'held',
    event text NOT NULL DEFAULT 'create',
    version bigint NOT NULL DEFAULT 1,
    entered_at timestamptz NOT NULL DEFAULT now(),
    -- Who made the last transition, under which key; they speak of version `keyed`, and of nothing else.
    actor text,
    key uuid,
    keyed bigint,
    CONSTRAINT rooms_state_1 CHECK (state = ANY ('{held,confirmed,released}'))
) WITH (fillfactor = 80);

CREATE TABLE public.rooms_history (
    id uuid NOT NULL,
    version bigint NOT NULL,
    event text NOT NULL,
    from_state text,
    to_state text NOT NULL,
    data jsonb,                                 -- the state's fields, and the common ones that the event set
    actor text,                                 -- who the client says it was
    role text NOT NULL DEFAULT session_user,    -- who the database knows it was
    key uuid,
    note text,                                  -- why, when it was forced or migrated
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, version)
);
-- No key takes effect twice on an instance, whoever sends it.
CREATE UNIQUE INDEX rooms_history_by_key ON public.rooms_history (id, key) WHERE key IS NOT NULL;

-- `run_at` is schedule, lease and back-off in one; `version` is the one at which the state was entered.
CREATE TABLE public.rooms_jobs (
    id uuid NOT NULL,
    version bigint NOT NULL,
    job text NOT NULL,
    kind text NOT NULL,                         -- timer, activity, task, join or creation; only functions of ours write it
    run_at timestamptz NOT NULL DEFAULT now(),
    attempt integer NOT NULL DEFAULT 0,         -- grows with each claim and never shrinks: who holds an older one writes nothing
    forgiven integer NOT NULL DEFAULT 0,        -- so many attempts do not count: released, or given back
    last_error text,
    data jsonb,                                 -- of a creation: the fields
    -- Of whoever caused it: a trace's context, as W3C writes it.
    trace text DEFAULT nullif(current_setting('workflow.trace', true), ''),
    finished_at timestamptz,
    PRIMARY KEY (id, version, kind, job)
) WITH (fillfactor = 70);
-- For each job by itself: however many of one are waiting, the others are found.
CREATE INDEX rooms_jobs_due ON public.rooms_jobs (kind, job, run_at) WHERE finished_at IS NULL;

-- The effects. A statement that touches no row is a fault unless `maybe` is written: an unknown name must not take nothing.
CREATE FUNCTION public.rooms_effects(old public.rooms, new public.rooms) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = on AS $$
#variable_conflict use_column
DECLARE
    workflow_touched bigint;
BEGIN
    IF new.event = 'create' THEN
        UPDATE hotels SET free = free - 1 WHERE name = NEW.hotel;
        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = 'rooms',
                MESSAGE = format('%s %s: the effect of %s touched no row', 'room', new.trip_id, new.event),
                DETAIL = 'UPDATE hotels SET free = free - 1 WHERE name = NEW.hotel', HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
    END IF;
    IF new.event = 'release' THEN
        UPDATE hotels SET free = free + 1 WHERE name = NEW.hotel;
        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = 'rooms',
                MESSAGE = format('%s %s: the effect of %s touched no row', 'room', new.trip_id, new.event),
                DETAIL = 'UPDATE hotels SET free = free + 1 WHERE name = NEW.hotel', HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION public.rooms_effects(public.rooms, public.rooms) FROM PUBLIC;

-- Every insert and update passes here, after all BEFORE triggers: guard, history, jobs, and last the `with sql` effects.
-- The edges stand in the body because a plan is cached there; a WHEN clause is prepared anew by each statement.
CREATE FUNCTION public.rooms_transition() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    -- A plan that is made while there are no jobs would read them all as long as its connection lives.
    SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    step text;
    data jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'held' OR NEW.event <> 'create' OR NEW.version <> 1 OR NEW.entered_at <> now() OR NEW.keyed <> 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF002', TABLE = 'rooms',
                MESSAGE = format('%s %s cannot start in state %s, event %s, version %s',
                                 'room', NEW.trip_id, NEW.state, NEW.event, NEW.version),
                HINT = format('It starts in %s; leave state, event, version and entered_at to their defaults.', 'held');
        END IF;
        step := 'create';
    ELSIF NEW.version = OLD.version THEN
        -- Not a transition: then nothing that only transitions decide may have changed.
        IF (OLD.trip_id, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed)
            IS DISTINCT FROM
           (NEW.trip_id, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed) THEN
            PERFORM workflow.tolerate('room', OLD.trip_id::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        RETURN NULL;
    ELSE
        step := OLD.state || '>' || NEW.event || '>' || NEW.state;
        IF NEW.version <> OLD.version + 1 OR NEW.trip_id <> OLD.trip_id
            OR NEW.entered_at <> now()
            OR NOT (step = ANY (ARRAY[
                    'held>confirm>confirmed',
                    'held>release>released',
                    'confirmed>release>released']))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
        THEN
            PERFORM workflow.tolerate('room', OLD.trip_id::text, OLD.state, NEW.event, NEW.state,
                NEW.version = OLD.version + 1 AND NEW.trip_id = OLD.trip_id, false);
        END IF;
        -- Whoever sent it was told that it did nothing, and it comes now. Hardly ever is there a key like that: then nothing is looked for.
        IF pg_relation_size('workflow.voided') > 0 THEN
            IF EXISTS (SELECT FROM workflow.voided v WHERE NEW.keyed = NEW.version AND v.key = NEW.key) THEN
                RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'rooms',
                    MESSAGE = format('%s %s: %s comes too late, its key is void', 'room', NEW.trip_id, NEW.event);
            END IF;
        END IF;
    END IF;

    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('hotel', NEW.hotel);
    END IF;
    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    INSERT INTO public.rooms_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.trip_id, NEW.version, NEW.event, OLD.state, NEW.state, data,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.actor ELSE nullif(current_setting('workflow.actor', true), '') END,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.key END,
        CASE WHEN NEW.event IN ('force', 'migrate') THEN nullif(current_setting('workflow.note', true), '') END);

    IF step = ANY (ARRAY[
        'create',
        'held>release>released',
        'confirmed>release>released']) THEN
        PERFORM public.rooms_effects(OLD, NEW);
        -- An effect may move other instances, never its own: what the transition returned would not be true any more.
        IF (SELECT o.version FROM public.rooms o WHERE o.trip_id = NEW.trip_id) IS DISTINCT FROM NEW.version THEN
            RAISE EXCEPTION USING ERRCODE = 'WF006', TABLE = 'rooms',
                MESSAGE = format('%s %s: the effect of %s moved its own instance', 'room', NEW.trip_id, NEW.event);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION public.rooms_transition() FROM PUBLIC;

-- Has this key taken effect on this instance? VOLATILE on purpose: it then looks with a fresh snapshot, also when an update that
-- waited for a row lock checks its conditions again. A plain NOT EXISTS, or a STABLE function, does not see what it waited for.
CREATE FUNCTION public.rooms_done(id uuid, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.rooms_history h WHERE h.id = rooms_done.id AND h.key = rooms_done.key);
END $$;

-- Makes sure that this key will never take effect any more, and says whether it has. The update changes nothing but takes the
-- row's lock, and makes a new version of the row: who waits for it, sent with this key by a connection that died, moves that
-- version, and is refused by the transition's trigger, which looks with a fresh snapshot.
CREATE FUNCTION public.rooms_void(id uuid, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    UPDATE public.rooms o SET trip_id = o.trip_id WHERE o.trip_id = rooms_void.id;
    -- A statement of its own: its snapshot is taken after the lock was got.
    IF EXISTS (SELECT FROM public.rooms_history h WHERE h.id = rooms_void.id AND h.key = rooms_void.key) THEN
        RETURN true;
    END IF;
    INSERT INTO workflow.voided (key) VALUES (rooms_void.key) ON CONFLICT DO NOTHING;
    -- No statement waits for a day. Rows that somebody else is deleting are left to them.
    DELETE FROM workflow.voided v WHERE v.key IN
        (SELECT stale.key FROM workflow.voided stale WHERE stale.at < now() - interval '1 day' FOR UPDATE SKIP LOCKED);
    RETURN false;
END $$;
REVOKE ALL ON FUNCTION public.rooms_void(uuid, uuid) FROM PUBLIC;

-- What history holds, read back by PostgreSQL's own casts; nothing when it no longer fits the columns.
CREATE FUNCTION public.rooms_recorded(state_data jsonb) RETURNS public.rooms
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.rooms, state_data);
EXCEPTION WHEN others THEN
    RETURN NULL;
END $$;

-- An instance takes its history and its jobs with it.
CREATE FUNCTION public.rooms_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    DELETE FROM public.rooms_history h WHERE h.id = OLD.trip_id;
    DELETE FROM public.rooms_jobs j WHERE j.id = OLD.trip_id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.rooms_removed() FROM PUBLIC;

-- History is written by the transition's trigger and deleted after its instance. Depth 1 is a client's own statement; another
-- trigger is as deep as ours, but the version that the instance is at is already there (the primary key refuses a second one),
-- and any other is refused here; so is a step whose instance a user's trigger has moved on before it was recorded.
-- It has no settings of its own, which cost each transition something: so each name says whose it is.
CREATE FUNCTION public.rooms_history_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.>) 1 THEN
        IF TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN
            IF EXISTS (SELECT FROM public.rooms o WHERE o.trip_id OPERATOR(pg_catalog.=) NEW.id AND NEW.version OPERATOR(pg_catalog.=) o.version) THEN
                RETURN NEW;
            END IF;
        ELSIF NOT EXISTS (SELECT FROM public.rooms o WHERE o.trip_id OPERATOR(pg_catalog.=) OLD.id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'WF003', TABLE = TG_TABLE_NAME,
        MESSAGE = pg_catalog.format('%s on %s is refused: history is written by transitions only and never changed', TG_OP, TG_TABLE_NAME);
END $$;
REVOKE ALL ON FUNCTION public.rooms_history_written() FROM PUBLIC;

-- The sanctioned repair: to any state, obeying its CHECKs, recorded with the reason. No effect and no guard takes part in it.
-- Granted to nobody but operators.
CREATE FUNCTION public.rooms_force(id uuid, state text, fields jsonb, reason text) RETURNS public.rooms
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was public.rooms;
    becomes public.rooms;
    moved public.rooms;
    wrong text;
BEGIN
    SELECT o.* INTO was FROM public.rooms o WHERE o.trip_id = rooms_force.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('%s %s is not there', 'room', rooms_force.id);
    END IF;
    IF coalesce(rooms_force.reason, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s cannot be forced without a reason', 'room');
    END IF;
    IF rooms_force.state IS NULL OR NOT rooms_force.state = ANY (ARRAY['held', 'confirmed', 'released']) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no state %s', 'room', rooms_force.state);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM jsonb_object_keys(rooms_force.fields) AS f (name)
        WHERE NOT f.name = ANY ('{}'::text[]);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', 'room', wrong);
    END IF;
    becomes := jsonb_populate_record(was, '{}'::jsonb || coalesce(rooms_force.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce(rooms_force.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ('room', was.state, 'force', rooms_force.state, 'migrate');
    UPDATE public.rooms o SET state = rooms_force.state, event = 'force', version = o.version + 1, entered_at = now()
    WHERE o.trip_id = rooms_force.id RETURNING o.* INTO moved;
    DELETE FROM workflow.edges e
        WHERE e.workflow = 'room' AND e.event = 'force' AND e.from_state = was.state AND e.to_state = rooms_force.state;
    PERFORM set_config('workflow.note', '', true);
    RETURN moved;
END
$$;
REVOKE ALL ON FUNCTION public.rooms_force(uuid, text, jsonb, text) FROM PUBLIC;

-- What was asked for as a row, by today's names: a field that came since has its default.
CREATE FUNCTION public.rooms_asked(fields jsonb) RETURNS public.rooms
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.rooms, rooms_asked.fields);
END
$$;

-- Asks for a creation at a time, for any client; a worker makes it, with its effects. What comes back is nothing, or the time of a
-- creation that was asked for before: that one stays.
CREATE FUNCTION public.rooms_create_at(id uuid, at timestamptz, fields jsonb) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
    stands timestamptz;
BEGIN
    IF rooms_create_at.id IS NULL OR rooms_create_at.at IS NULL OR NOT isfinite(rooms_create_at.at) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s needs a key and a time to be created at', 'room');
    END IF;
    SELECT string_agg(f.name, ', ' ORDER BY f.name) INTO wrong FROM jsonb_object_keys(rooms_create_at.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['hotel']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s %s: creation knows no %s', 'room', rooms_create_at.id, wrong);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM unnest(ARRAY['hotel']) AS f (name)
        WHERE rooms_create_at.fields ->> f.name IS NULL;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'not_null_violation',
            MESSAGE = format('%s %s: creation needs %s', 'room', rooms_create_at.id, wrong);
    END IF;
    -- What does not fit the columns is found now, and not when it is due.
    PERFORM jsonb_populate_record(NULL::public.rooms, rooms_create_at.fields);
    IF EXISTS (SELECT FROM public.rooms o WHERE o.trip_id = rooms_create_at.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', TABLE = 'rooms',
            MESSAGE = format('%s %s is there already', 'room', rooms_create_at.id);
    END IF;
    LOOP
        INSERT INTO public.rooms_jobs AS j (id, version, job, kind, run_at, data)
        VALUES (rooms_create_at.id, 0, 'create', 'creation', rooms_create_at.at, coalesce(rooms_create_at.fields, '{}'))
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
        SELECT j.run_at INTO stands FROM public.rooms_jobs j
            WHERE j.id = rooms_create_at.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
        EXIT WHEN FOUND;
    END LOOP;
    RETURN stands;
END
$$;
REVOKE ALL ON FUNCTION public.rooms_create_at(uuid, timestamptz, jsonb) FROM PUBLIC;

-- Takes back a creation that was asked for, and says whether it was still there.
CREATE FUNCTION public.rooms_cancel_creation(id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.rooms_jobs j WHERE j.id = rooms_cancel_creation.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION public.rooms_cancel_creation(uuid) FROM PUBLIC;

-- `confirm`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.rooms_confirm(trip_id uuid) RETURNS public.rooms
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.rooms;
    stands text;
BEGIN
    UPDATE public.rooms o SET
        state = 'confirmed',
        event = 'confirm',
        version = o.version + 1,
        entered_at = now()
    WHERE o.trip_id = rooms_confirm.trip_id AND o.state = 'held'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.rooms o WHERE o.trip_id = rooms_confirm.trip_id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'rooms',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'room', rooms_confirm.trip_id, coalesce(stands, 'not there'), 'confirm');
    END IF;
    RETURN moved;
END
$$;

-- `release`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.rooms_release(trip_id uuid) RETURNS public.rooms
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.rooms;
    stands text;
BEGIN
    UPDATE public.rooms o SET
        state = 'released',
        event = 'release',
        version = o.version + 1,
        entered_at = now()
    WHERE o.trip_id = rooms_release.trip_id AND o.state IN ('held', 'confirmed')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.rooms o WHERE o.trip_id = rooms_release.trip_id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'rooms',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'room', rooms_release.trip_id, coalesce(stands, 'not there'), 'release');
    END IF;
    RETURN moved;
END
$$;

CREATE TRIGGER rooms_transition AFTER INSERT OR UPDATE ON public.rooms FOR EACH ROW EXECUTE FUNCTION public.rooms_transition();
CREATE TRIGGER rooms_removed AFTER DELETE ON public.rooms FOR EACH ROW EXECUTE FUNCTION public.rooms_removed();
CREATE TRIGGER rooms_truncate BEFORE TRUNCATE ON public.rooms EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER rooms_history_written BEFORE INSERT OR DELETE ON public.rooms_history FOR EACH ROW EXECUTE FUNCTION public.rooms_history_written();
CREATE TRIGGER rooms_history_update BEFORE UPDATE ON public.rooms_history FOR EACH ROW EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER rooms_history_truncate BEFORE TRUNCATE ON public.rooms_history EXECUTE FUNCTION workflow.refuse();

-- How long each instance was in each state; internal transitions do not end a stay.
CREATE VIEW public.rooms_timeline AS
SELECT stay.id, stay.version, stay.event, stay.state, stay.entered_at, stay.left_at,
       coalesce(stay.left_at, now()) - stay.entered_at AS spent
FROM (
    SELECT h.id, h.version, h.event, h.to_state AS state, h.at AS entered_at,
           lead(h.at) OVER (PARTITION BY h.id ORDER BY h.version) AS left_at
    FROM public.rooms_history h
) stay;

-- What is not finished, by state and age, and the work that is late for it.
CREATE VIEW public.rooms_stuck AS
SELECT o.state, o.entered_at, now() - o.entered_at AS age, o.trip_id AS id, o.version,
       late.jobs AS late_jobs, late.oldest AS late_since, late.attempts, late.last_error
FROM public.rooms o
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs, min(j.run_at) AS oldest, max(j.attempt - j.forgiven) AS attempts,
           (array_agg(j.last_error ORDER BY j.attempt DESC) FILTER (WHERE j.last_error IS NOT NULL))[1] AS last_error
    FROM public.rooms_jobs j
    WHERE j.id = o.trip_id AND j.finished_at IS NULL AND j.run_at < now()
) late
WHERE o.state NOT IN ('released')
ORDER BY o.state, o.entered_at;

-- Rights go to the group roles, where there are such: an application's own role is made a member of one.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname IN ('workflow_app', 'workflow_worker', 'workflow_operator')) = 3 THEN
        GRANT SELECT, INSERT, UPDATE ON public.rooms TO workflow_app;
        GRANT SELECT ON public.rooms_history, public.rooms_timeline, public.rooms_stuck TO workflow_app;
        GRANT SELECT, UPDATE, DELETE ON public.rooms_jobs TO workflow_worker;
        GRANT EXECUTE ON FUNCTION public.rooms_done(uuid, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.rooms_void(uuid, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.rooms_recorded(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.rooms_force(uuid, text, jsonb, text) TO workflow_operator;
        GRANT EXECUTE ON FUNCTION public.rooms_asked(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.rooms_create_at(uuid, timestamptz, jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.rooms_cancel_creation(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.rooms_confirm(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.rooms_release(uuid) TO workflow_app;
    END IF;
END
$$;

-- What a binary compares itself with.
INSERT INTO workflow.models (workflow, fingerprint, model) VALUES ('room', '30cf4bc3732a2a69d3995eaec4f77f7f',
    '{"facts":["edge confirmed>release>released","edge held>confirm>confirmed","edge held>release>released","field hotel text in all","field trip_id uuid in all","initial held","state confirmed","state held","state released","table public.rooms"]}');

INSERT INTO workflow.edges (workflow, from_state, event, to_state) VALUES
    ('room', 'held', 'confirm', 'confirmed'),
    ('room', 'held', 'release', 'released'),
    ('room', 'confirmed', 'release', 'released');
