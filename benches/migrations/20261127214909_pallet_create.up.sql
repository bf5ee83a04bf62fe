-- The `pallet` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

CREATE TABLE public.pallets (
    id bigint PRIMARY KEY,
    state text NOT NULL DEFAULT 'waiting',
    event text NOT NULL DEFAULT 'create',
    version bigint NOT NULL DEFAULT 1,
    entered_at timestamptz NOT NULL DEFAULT now(),
    -- Who made the last transition, under which key; they speak of version `keyed`, and of nothing else.
    actor text,
    key uuid,
    keyed bigint,
    truck text,
    CONSTRAINT pallets_state_1 CHECK (state = ANY ('{waiting,moving,lost}')),
    CONSTRAINT pallets_truck_1 CHECK ((truck IS NOT NULL) = (state = 'moving'))
) WITH (fillfactor = 80);

CREATE TABLE public.pallets_history (
    id bigint NOT NULL,
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
CREATE UNIQUE INDEX pallets_history_by_key ON public.pallets_history (id, key) WHERE key IS NOT NULL;

-- `run_at` is schedule, lease and back-off in one; `version` is the one at which the state was entered.
CREATE TABLE public.pallets_jobs (
    id bigint NOT NULL,
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
CREATE INDEX pallets_jobs_due ON public.pallets_jobs (kind, job, run_at) WHERE finished_at IS NULL;

-- The effects. A statement that touches no row is a fault unless `maybe` is written: an unknown name must not take nothing.
CREATE FUNCTION public.pallets_effects(old public.pallets, new public.pallets) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = on AS $$
#variable_conflict use_column
DECLARE
    workflow_touched bigint;
BEGIN
    IF new.event = 'send' THEN
        UPDATE shelves SET moves = moves + 1 WHERE pallet = NEW.id;
        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = 'pallets',
                MESSAGE = format('%s %s: the effect of %s touched no row', 'pallet', new.id, new.event),
                DETAIL = 'UPDATE shelves SET moves = moves + 1 WHERE pallet = NEW.id', HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
    END IF;
    IF new.event = 'stop' THEN
        UPDATE shelves SET moves = moves + 1 WHERE pallet = NEW.id;
        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = 'pallets',
                MESSAGE = format('%s %s: the effect of %s touched no row', 'pallet', new.id, new.event),
                DETAIL = 'UPDATE shelves SET moves = moves + 1 WHERE pallet = NEW.id', HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION public.pallets_effects(public.pallets, public.pallets) FROM PUBLIC;

-- Every insert and update passes here, after all BEFORE triggers: guard, history, jobs, and last the `with sql` effects.
-- The edges stand in the body because a plan is cached there; a WHEN clause is prepared anew by each statement.
CREATE FUNCTION public.pallets_transition() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    -- A plan that is made while there are no jobs would read them all as long as its connection lives.
    SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    step text;
    data jsonb;
    effectless boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'waiting' OR NEW.event <> 'create' OR NEW.version <> 1 OR NEW.entered_at <> now() OR NEW.keyed <> 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF002', TABLE = 'pallets',
                MESSAGE = format('%s %s cannot start in state %s, event %s, version %s',
                                 'pallet', NEW.id, NEW.state, NEW.event, NEW.version),
                HINT = format('It starts in %s; leave state, event, version and entered_at to their defaults.', 'waiting');
        END IF;
    ELSIF NEW.version = OLD.version THEN
        -- Not a transition: then nothing that only transitions decide may have changed.
        IF (OLD.id, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, OLD.truck)
            IS DISTINCT FROM
           (NEW.id, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, NEW.truck) THEN
            PERFORM workflow.tolerate('pallet', OLD.id::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        RETURN NULL;
    ELSE
        step := OLD.state || '>' || NEW.event || '>' || NEW.state;
        -- A transition with an effect in the application is fired there: the runtime marks it by its key.
        effectless := NEW.keyed IS DISTINCT FROM NEW.version AND step = ANY (ARRAY['waiting>lift>moving']);
        IF NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id
            OR NEW.entered_at <> now()
            OR NOT (step = ANY (ARRAY[
                    'waiting>send>moving',
                    'moving>stop>waiting',
                    'waiting>lift>moving',
                    'moving>lose>lost']))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
            OR effectless
        THEN
            PERFORM workflow.tolerate('pallet', OLD.id::text, OLD.state, NEW.event, NEW.state,
                NEW.version = OLD.version + 1 AND NEW.id = OLD.id, effectless);
        END IF;
        -- Whoever sent it was told that it did nothing, and it comes now. Hardly ever is there a key like that: then nothing is looked for.
        IF pg_relation_size('workflow.voided') > 0 THEN
            IF EXISTS (SELECT FROM workflow.voided v WHERE NEW.keyed = NEW.version AND v.key = NEW.key) THEN
                RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'pallets',
                    MESSAGE = format('%s %s: %s comes too late, its key is void', 'pallet', NEW.id, NEW.event);
            END IF;
        END IF;
    END IF;

    IF NEW.state = 'moving' THEN
        data := jsonb_build_object('truck', NEW.truck);
    END IF;
    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    INSERT INTO public.pallets_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.id, NEW.version, NEW.event, OLD.state, NEW.state, data,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.actor ELSE nullif(current_setting('workflow.actor', true), '') END,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.key END,
        CASE WHEN NEW.event IN ('force', 'migrate') THEN nullif(current_setting('workflow.note', true), '') END);

    IF OLD.state = 'moving' THEN
        DELETE FROM public.pallets_jobs j WHERE j.id = NEW.id AND j.kind <> 'task';
    END IF;
    IF NEW.state = 'moving' THEN
        INSERT INTO public.pallets_jobs (id, version, job, kind, run_at)
        VALUES (NEW.id, NEW.version, 'lose', 'timer', now() + interval '14 days');
    END IF;

    IF step = ANY (ARRAY['waiting>send>moving', 'moving>stop>waiting']) THEN
        PERFORM public.pallets_effects(OLD, NEW);
        -- An effect may move other instances, never its own: what the transition returned would not be true any more.
        IF (SELECT o.version FROM public.pallets o WHERE o.id = NEW.id) IS DISTINCT FROM NEW.version THEN
            RAISE EXCEPTION USING ERRCODE = 'WF006', TABLE = 'pallets',
                MESSAGE = format('%s %s: the effect of %s moved its own instance', 'pallet', NEW.id, NEW.event);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION public.pallets_transition() FROM PUBLIC;

-- Has this key taken effect on this instance? VOLATILE on purpose: it then looks with a fresh snapshot, also when an update that
-- waited for a row lock checks its conditions again. A plain NOT EXISTS, or a STABLE function, does not see what it waited for.
CREATE FUNCTION public.pallets_done(id bigint, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.pallets_history h WHERE h.id = pallets_done.id AND h.key = pallets_done.key);
END $$;

-- Makes sure that this key will never take effect any more, and says whether it has. The update changes nothing but takes the
-- row's lock, and makes a new version of the row: who waits for it, sent with this key by a connection that died, moves that
-- version, and is refused by the transition's trigger, which looks with a fresh snapshot.
CREATE FUNCTION public.pallets_void(id bigint, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    UPDATE public.pallets o SET id = o.id WHERE o.id = pallets_void.id;
    -- A statement of its own: its snapshot is taken after the lock was got.
    IF EXISTS (SELECT FROM public.pallets_history h WHERE h.id = pallets_void.id AND h.key = pallets_void.key) THEN
        RETURN true;
    END IF;
    INSERT INTO workflow.voided (key) VALUES (pallets_void.key) ON CONFLICT DO NOTHING;
    -- No statement waits for a day. Rows that somebody else is deleting are left to them.
    DELETE FROM workflow.voided v WHERE v.key IN
        (SELECT stale.key FROM workflow.voided stale WHERE stale.at < now() - interval '1 day' FOR UPDATE SKIP LOCKED);
    RETURN false;
END $$;
REVOKE ALL ON FUNCTION public.pallets_void(bigint, uuid) FROM PUBLIC;

-- What history holds, read back by PostgreSQL's own casts; nothing when it no longer fits the columns.
CREATE FUNCTION public.pallets_recorded(state_data jsonb) RETURNS public.pallets
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.pallets, state_data);
EXCEPTION WHEN others THEN
    RETURN NULL;
END $$;

-- An instance takes its history and its jobs with it.
CREATE FUNCTION public.pallets_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    DELETE FROM public.pallets_history h WHERE h.id = OLD.id;
    DELETE FROM public.pallets_jobs j WHERE j.id = OLD.id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.pallets_removed() FROM PUBLIC;

-- History is written by the transition's trigger and deleted after its instance. Depth 1 is a client's own statement; another
-- trigger is as deep as ours, but the version that the instance is at is already there (the primary key refuses a second one),
-- and any other is refused here; so is a step whose instance a user's trigger has moved on before it was recorded.
-- It has no settings of its own, which cost each transition something: so each name says whose it is.
CREATE FUNCTION public.pallets_history_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.>) 1 THEN
        IF TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN
            IF EXISTS (SELECT FROM public.pallets o WHERE o.id OPERATOR(pg_catalog.=) NEW.id AND NEW.version OPERATOR(pg_catalog.=) o.version) THEN
                RETURN NEW;
            END IF;
        ELSIF NOT EXISTS (SELECT FROM public.pallets o WHERE o.id OPERATOR(pg_catalog.=) OLD.id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'WF003', TABLE = TG_TABLE_NAME,
        MESSAGE = pg_catalog.format('%s on %s is refused: history is written by transitions only and never changed', TG_OP, TG_TABLE_NAME);
END $$;
REVOKE ALL ON FUNCTION public.pallets_history_written() FROM PUBLIC;

-- The sanctioned repair: to any state, obeying its CHECKs, recorded with the reason. No effect and no guard takes part in it.
-- Granted to nobody but operators.
CREATE FUNCTION public.pallets_force(id bigint, state text, fields jsonb, reason text) RETURNS public.pallets
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was public.pallets;
    becomes public.pallets;
    moved public.pallets;
    wrong text;
BEGIN
    SELECT o.* INTO was FROM public.pallets o WHERE o.id = pallets_force.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('%s %s is not there', 'pallet', pallets_force.id);
    END IF;
    IF coalesce(pallets_force.reason, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s cannot be forced without a reason', 'pallet');
    END IF;
    IF pallets_force.state IS NULL OR NOT pallets_force.state = ANY (ARRAY['waiting', 'moving', 'lost']) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no state %s', 'pallet', pallets_force.state);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM jsonb_object_keys(pallets_force.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['truck']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', 'pallet', wrong);
    END IF;
    becomes := jsonb_populate_record(was, jsonb_build_object('truck', NULL) || coalesce(pallets_force.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce(pallets_force.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ('pallet', was.state, 'force', pallets_force.state, 'migrate');
    UPDATE public.pallets o SET state = pallets_force.state, event = 'force', version = o.version + 1, entered_at = now(),
        truck = becomes.truck
    WHERE o.id = pallets_force.id RETURNING o.* INTO moved;
    DELETE FROM workflow.edges e
        WHERE e.workflow = 'pallet' AND e.event = 'force' AND e.from_state = was.state AND e.to_state = pallets_force.state;
    PERFORM set_config('workflow.note', '', true);
    RETURN moved;
END
$$;
REVOKE ALL ON FUNCTION public.pallets_force(bigint, text, jsonb, text) FROM PUBLIC;

-- What was asked for as a row, by today's names: a field that came since has its default.
CREATE FUNCTION public.pallets_asked(fields jsonb) RETURNS public.pallets
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.pallets, pallets_asked.fields);
END
$$;

-- Asks for a creation at a time, for any client; a worker makes it, with its effects. What comes back is nothing, or the time of a
-- creation that was asked for before: that one stays.
CREATE FUNCTION public.pallets_create_at(id bigint, at timestamptz, fields jsonb) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
    stands timestamptz;
BEGIN
    IF pallets_create_at.id IS NULL OR pallets_create_at.at IS NULL OR NOT isfinite(pallets_create_at.at) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s needs a key and a time to be created at', 'pallet');
    END IF;
    SELECT string_agg(f.name, ', ' ORDER BY f.name) INTO wrong FROM jsonb_object_keys(pallets_create_at.fields) AS f (name)
        WHERE NOT f.name = ANY ('{}'::text[]);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s %s: creation knows no %s', 'pallet', pallets_create_at.id, wrong);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM unnest('{}'::text[]) AS f (name)
        WHERE pallets_create_at.fields ->> f.name IS NULL;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'not_null_violation',
            MESSAGE = format('%s %s: creation needs %s', 'pallet', pallets_create_at.id, wrong);
    END IF;
    -- What does not fit the columns is found now, and not when it is due.
    PERFORM jsonb_populate_record(NULL::public.pallets, pallets_create_at.fields);
    IF EXISTS (SELECT FROM public.pallets o WHERE o.id = pallets_create_at.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', TABLE = 'pallets',
            MESSAGE = format('%s %s is there already', 'pallet', pallets_create_at.id);
    END IF;
    LOOP
        INSERT INTO public.pallets_jobs AS j (id, version, job, kind, run_at, data)
        VALUES (pallets_create_at.id, 0, 'create', 'creation', pallets_create_at.at, coalesce(pallets_create_at.fields, '{}'))
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
        SELECT j.run_at INTO stands FROM public.pallets_jobs j
            WHERE j.id = pallets_create_at.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
        EXIT WHEN FOUND;
    END LOOP;
    RETURN stands;
END
$$;
REVOKE ALL ON FUNCTION public.pallets_create_at(bigint, timestamptz, jsonb) FROM PUBLIC;

-- Takes back a creation that was asked for, and says whether it was still there.
CREATE FUNCTION public.pallets_cancel_creation(id bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.pallets_jobs j WHERE j.id = pallets_cancel_creation.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION public.pallets_cancel_creation(bigint) FROM PUBLIC;

-- `send`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.pallets_send(id bigint, truck text) RETURNS public.pallets
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.pallets;
    stands text;
BEGIN
    UPDATE public.pallets o SET
        state = 'moving',
        event = 'send',
        version = o.version + 1,
        entered_at = now(),
        truck = pallets_send.truck
    WHERE o.id = pallets_send.id AND o.state = 'waiting'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.pallets o WHERE o.id = pallets_send.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'pallets',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'pallet', pallets_send.id, coalesce(stands, 'not there'), 'send');
    END IF;
    RETURN moved;
END
$$;

-- `stop`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.pallets_stop(id bigint) RETURNS public.pallets
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.pallets;
    stands text;
BEGIN
    UPDATE public.pallets o SET
        state = 'waiting',
        event = 'stop',
        version = o.version + 1,
        entered_at = now(),
        truck = NULL
    WHERE o.id = pallets_stop.id AND o.state = 'moving'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.pallets o WHERE o.id = pallets_stop.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'pallets',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'pallet', pallets_stop.id, coalesce(stands, 'not there'), 'stop');
    END IF;
    RETURN moved;
END
$$;

-- `lose`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.pallets_lose(id bigint) RETURNS public.pallets
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.pallets;
    stands text;
BEGIN
    UPDATE public.pallets o SET
        state = 'lost',
        event = 'lose',
        version = o.version + 1,
        entered_at = now(),
        truck = NULL
    WHERE o.id = pallets_lose.id AND o.state = 'moving'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.pallets o WHERE o.id = pallets_lose.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'pallets',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'pallet', pallets_lose.id, coalesce(stands, 'not there'), 'lose');
    END IF;
    RETURN moved;
END
$$;

CREATE TRIGGER pallets_transition AFTER INSERT OR UPDATE ON public.pallets FOR EACH ROW EXECUTE FUNCTION public.pallets_transition();
CREATE TRIGGER pallets_removed AFTER DELETE ON public.pallets FOR EACH ROW EXECUTE FUNCTION public.pallets_removed();
CREATE TRIGGER pallets_truncate BEFORE TRUNCATE ON public.pallets EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER pallets_history_written BEFORE INSERT OR DELETE ON public.pallets_history FOR EACH ROW EXECUTE FUNCTION public.pallets_history_written();
CREATE TRIGGER pallets_history_update BEFORE UPDATE ON public.pallets_history FOR EACH ROW EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER pallets_history_truncate BEFORE TRUNCATE ON public.pallets_history EXECUTE FUNCTION workflow.refuse();

-- How long each instance was in each state; internal transitions do not end a stay.
CREATE VIEW public.pallets_timeline AS
SELECT stay.id, stay.version, stay.event, stay.state, stay.entered_at, stay.left_at,
       coalesce(stay.left_at, now()) - stay.entered_at AS spent
FROM (
    SELECT h.id, h.version, h.event, h.to_state AS state, h.at AS entered_at,
           lead(h.at) OVER (PARTITION BY h.id ORDER BY h.version) AS left_at
    FROM public.pallets_history h
) stay;

-- What is not finished, by state and age, and the work that is late for it.
CREATE VIEW public.pallets_stuck AS
SELECT o.state, o.entered_at, now() - o.entered_at AS age, o.id AS id, o.version,
       late.jobs AS late_jobs, late.oldest AS late_since, late.attempts, late.last_error
FROM public.pallets o
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs, min(j.run_at) AS oldest, max(j.attempt - j.forgiven) AS attempts,
           (array_agg(j.last_error ORDER BY j.attempt DESC) FILTER (WHERE j.last_error IS NOT NULL))[1] AS last_error
    FROM public.pallets_jobs j
    WHERE j.id = o.id AND j.finished_at IS NULL AND j.run_at < now()
) late
WHERE o.state NOT IN ('lost')
ORDER BY o.state, o.entered_at;

-- Rights go to the group roles, where there are such: an application's own role is made a member of one.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname IN ('workflow_app', 'workflow_worker', 'workflow_operator')) = 3 THEN
        GRANT SELECT, INSERT, UPDATE ON public.pallets TO workflow_app;
        GRANT SELECT ON public.pallets_history, public.pallets_timeline, public.pallets_stuck TO workflow_app;
        GRANT SELECT, UPDATE, DELETE ON public.pallets_jobs TO workflow_worker;
        GRANT EXECUTE ON FUNCTION public.pallets_done(bigint, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pallets_void(bigint, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pallets_recorded(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pallets_force(bigint, text, jsonb, text) TO workflow_operator;
        GRANT EXECUTE ON FUNCTION public.pallets_asked(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pallets_create_at(bigint, timestamptz, jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pallets_cancel_creation(bigint) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pallets_send(bigint, text) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pallets_stop(bigint) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pallets_lose(bigint) TO workflow_app;
    END IF;
END
$$;

-- What a binary compares itself with.
INSERT INTO workflow.models (workflow, fingerprint, model) VALUES ('pallet', '53f6b3614fe3c7028af4a9d6724270a9',
    '{"facts":["edge moving>lose>lost","edge moving>stop>waiting","edge waiting>lift>moving","edge waiting>send>moving","field id bigint in all","field truck text in moving","initial waiting","state lost","state moving","state waiting","table public.pallets"]}');

INSERT INTO workflow.edges (workflow, from_state, event, to_state) VALUES
    ('pallet', 'waiting', 'send', 'moving'),
    ('pallet', 'moving', 'stop', 'waiting'),
    ('pallet', 'waiting', 'lift', 'moving'),
    ('pallet', 'moving', 'lose', 'lost');
