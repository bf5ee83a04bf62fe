-- The `picture` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

CREATE TABLE public.pictures (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    state text NOT NULL DEFAULT 'received',
    event text NOT NULL DEFAULT 'create',
    version bigint NOT NULL DEFAULT 1,
    entered_at timestamptz NOT NULL DEFAULT now(),
    -- Who made the last transition, under which key; they speak of version `keyed`, and of nothing else.
    actor text,
    key uuid,
    keyed bigint,
    thumbnail text,
    CONSTRAINT pictures_state_1 CHECK (state = ANY ('{received,accepted,shown}')),
    CONSTRAINT pictures_thumbnail_1 CHECK ((thumbnail IS NOT NULL) = (state = 'shown'))
) WITH (fillfactor = 80);

CREATE TABLE public.pictures_history (
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
CREATE UNIQUE INDEX pictures_history_by_key ON public.pictures_history (id, key) WHERE key IS NOT NULL;

-- `run_at` is schedule, lease and back-off in one; `version` is the one at which the state was entered.
CREATE TABLE public.pictures_jobs (
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
CREATE INDEX pictures_jobs_due ON public.pictures_jobs (kind, job, run_at) WHERE finished_at IS NULL;

-- Every insert and update passes here, after all BEFORE triggers: guard, history, jobs, and last the `with sql` effects.
-- The edges stand in the body because a plan is cached there; a WHEN clause is prepared anew by each statement.
CREATE FUNCTION public.pictures_transition() RETURNS trigger
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
        IF NEW.state <> 'received' OR NEW.event <> 'create' OR NEW.version <> 1 OR NEW.entered_at <> now() OR NEW.keyed <> 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF002', TABLE = 'pictures',
                MESSAGE = format('%s %s cannot start in state %s, event %s, version %s',
                                 'picture', NEW.id, NEW.state, NEW.event, NEW.version),
                HINT = format('It starts in %s; leave state, event, version and entered_at to their defaults.', 'received');
        END IF;
    ELSIF NEW.version = OLD.version THEN
        -- Not a transition: then nothing that only transitions decide may have changed.
        IF (OLD.id, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, OLD.thumbnail)
            IS DISTINCT FROM
           (NEW.id, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, NEW.thumbnail) THEN
            PERFORM workflow.tolerate('picture', OLD.id::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        RETURN NULL;
    ELSE
        step := OLD.state || '>' || NEW.event || '>' || NEW.state;
        IF NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id
            OR NEW.entered_at <> now()
            OR NOT (step = ANY (ARRAY['received>accept>accepted', 'accepted>show>shown']))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
        THEN
            PERFORM workflow.tolerate('picture', OLD.id::text, OLD.state, NEW.event, NEW.state,
                NEW.version = OLD.version + 1 AND NEW.id = OLD.id, false);
        END IF;
        -- Whoever sent it was told that it did nothing, and it comes now. Hardly ever is there a key like that: then nothing is looked for.
        IF pg_relation_size('workflow.voided') > 0 THEN
            IF EXISTS (SELECT FROM workflow.voided v WHERE NEW.keyed = NEW.version AND v.key = NEW.key) THEN
                RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'pictures',
                    MESSAGE = format('%s %s: %s comes too late, its key is void', 'picture', NEW.id, NEW.event);
            END IF;
        END IF;
    END IF;

    IF NEW.state = 'shown' THEN
        data := jsonb_build_object('thumbnail', NEW.thumbnail);
    END IF;
    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('name', NEW.name);
    END IF;
    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    INSERT INTO public.pictures_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.id, NEW.version, NEW.event, OLD.state, NEW.state, data,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.actor ELSE nullif(current_setting('workflow.actor', true), '') END,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.key END,
        CASE WHEN NEW.event IN ('force', 'migrate') THEN nullif(current_setting('workflow.note', true), '') END);

    IF OLD.state = 'accepted' THEN
        DELETE FROM public.pictures_jobs j WHERE j.id = NEW.id AND j.kind <> 'task';
    END IF;
    IF NEW.state = 'accepted' THEN
        INSERT INTO public.pictures_jobs (id, version, job, kind) VALUES (NEW.id, NEW.version, 'draw', 'activity');
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION public.pictures_transition() FROM PUBLIC;

-- Has this key taken effect on this instance? VOLATILE on purpose: it then looks with a fresh snapshot, also when an update that
-- waited for a row lock checks its conditions again. A plain NOT EXISTS, or a STABLE function, does not see what it waited for.
CREATE FUNCTION public.pictures_done(id uuid, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.pictures_history h WHERE h.id = pictures_done.id AND h.key = pictures_done.key);
END $$;

-- Makes sure that this key will never take effect any more, and says whether it has. The update changes nothing but takes the
-- row's lock, and makes a new version of the row: who waits for it, sent with this key by a connection that died, moves that
-- version, and is refused by the transition's trigger, which looks with a fresh snapshot.
CREATE FUNCTION public.pictures_void(id uuid, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    UPDATE public.pictures o SET id = o.id WHERE o.id = pictures_void.id;
    -- A statement of its own: its snapshot is taken after the lock was got.
    IF EXISTS (SELECT FROM public.pictures_history h WHERE h.id = pictures_void.id AND h.key = pictures_void.key) THEN
        RETURN true;
    END IF;
    INSERT INTO workflow.voided (key) VALUES (pictures_void.key) ON CONFLICT DO NOTHING;
    -- No statement waits for a day. Rows that somebody else is deleting are left to them.
    DELETE FROM workflow.voided v WHERE v.key IN
        (SELECT stale.key FROM workflow.voided stale WHERE stale.at < now() - interval '1 day' FOR UPDATE SKIP LOCKED);
    RETURN false;
END $$;
REVOKE ALL ON FUNCTION public.pictures_void(uuid, uuid) FROM PUBLIC;

-- What history holds, read back by PostgreSQL's own casts; nothing when it no longer fits the columns.
CREATE FUNCTION public.pictures_recorded(state_data jsonb) RETURNS public.pictures
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.pictures, state_data);
EXCEPTION WHEN others THEN
    RETURN NULL;
END $$;

-- An instance takes its history and its jobs with it.
CREATE FUNCTION public.pictures_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    DELETE FROM public.pictures_history h WHERE h.id = OLD.id;
    DELETE FROM public.pictures_jobs j WHERE j.id = OLD.id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.pictures_removed() FROM PUBLIC;

-- History is written by the transition's trigger and deleted after its instance. Depth 1 is a client's own statement; another
-- trigger is as deep as ours, but the version that the instance is at is already there (the primary key refuses a second one),
-- and any other is refused here; so is a step whose instance a user's trigger has moved on before it was recorded.
-- It has no settings of its own, which cost each transition something: so each name says whose it is.
CREATE FUNCTION public.pictures_history_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.>) 1 THEN
        IF TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN
            IF EXISTS (SELECT FROM public.pictures o WHERE o.id OPERATOR(pg_catalog.=) NEW.id AND NEW.version OPERATOR(pg_catalog.=) o.version) THEN
                RETURN NEW;
            END IF;
        ELSIF NOT EXISTS (SELECT FROM public.pictures o WHERE o.id OPERATOR(pg_catalog.=) OLD.id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'WF003', TABLE = TG_TABLE_NAME,
        MESSAGE = pg_catalog.format('%s on %s is refused: history is written by transitions only and never changed', TG_OP, TG_TABLE_NAME);
END $$;
REVOKE ALL ON FUNCTION public.pictures_history_written() FROM PUBLIC;

-- The sanctioned repair: to any state, obeying its CHECKs, recorded with the reason. No effect and no guard takes part in it.
-- Granted to nobody but operators.
CREATE FUNCTION public.pictures_force(id uuid, state text, fields jsonb, reason text) RETURNS public.pictures
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was public.pictures;
    becomes public.pictures;
    moved public.pictures;
    wrong text;
BEGIN
    SELECT o.* INTO was FROM public.pictures o WHERE o.id = pictures_force.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('%s %s is not there', 'picture', pictures_force.id);
    END IF;
    IF coalesce(pictures_force.reason, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s cannot be forced without a reason', 'picture');
    END IF;
    IF pictures_force.state IS NULL OR NOT pictures_force.state = ANY (ARRAY['received', 'accepted', 'shown']) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no state %s', 'picture', pictures_force.state);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM jsonb_object_keys(pictures_force.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['thumbnail']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', 'picture', wrong);
    END IF;
    becomes := jsonb_populate_record(was, jsonb_build_object('thumbnail', NULL) || coalesce(pictures_force.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce(pictures_force.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ('picture', was.state, 'force', pictures_force.state, 'migrate');
    UPDATE public.pictures o SET state = pictures_force.state, event = 'force', version = o.version + 1, entered_at = now(),
        thumbnail = becomes.thumbnail
    WHERE o.id = pictures_force.id RETURNING o.* INTO moved;
    DELETE FROM workflow.edges e
        WHERE e.workflow = 'picture' AND e.event = 'force' AND e.from_state = was.state AND e.to_state = pictures_force.state;
    PERFORM set_config('workflow.note', '', true);
    RETURN moved;
END
$$;
REVOKE ALL ON FUNCTION public.pictures_force(uuid, text, jsonb, text) FROM PUBLIC;

-- What was asked for as a row, by today's names: a field that came since has its default.
CREATE FUNCTION public.pictures_asked(fields jsonb) RETURNS public.pictures
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.pictures, pictures_asked.fields);
END
$$;

-- Asks for a creation at a time, for any client; a worker makes it, with its effects. What comes back is nothing, or the time of a
-- creation that was asked for before: that one stays.
CREATE FUNCTION public.pictures_create_at(id uuid, at timestamptz, fields jsonb) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
    stands timestamptz;
BEGIN
    IF pictures_create_at.id IS NULL OR pictures_create_at.at IS NULL OR NOT isfinite(pictures_create_at.at) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s needs a key and a time to be created at', 'picture');
    END IF;
    SELECT string_agg(f.name, ', ' ORDER BY f.name) INTO wrong FROM jsonb_object_keys(pictures_create_at.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['name']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s %s: creation knows no %s', 'picture', pictures_create_at.id, wrong);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM unnest(ARRAY['name']) AS f (name)
        WHERE pictures_create_at.fields ->> f.name IS NULL;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'not_null_violation',
            MESSAGE = format('%s %s: creation needs %s', 'picture', pictures_create_at.id, wrong);
    END IF;
    -- What does not fit the columns is found now, and not when it is due.
    PERFORM jsonb_populate_record(NULL::public.pictures, pictures_create_at.fields);
    IF EXISTS (SELECT FROM public.pictures o WHERE o.id = pictures_create_at.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', TABLE = 'pictures',
            MESSAGE = format('%s %s is there already', 'picture', pictures_create_at.id);
    END IF;
    LOOP
        INSERT INTO public.pictures_jobs AS j (id, version, job, kind, run_at, data)
        VALUES (pictures_create_at.id, 0, 'create', 'creation', pictures_create_at.at, coalesce(pictures_create_at.fields, '{}'))
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
        SELECT j.run_at INTO stands FROM public.pictures_jobs j
            WHERE j.id = pictures_create_at.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
        EXIT WHEN FOUND;
    END LOOP;
    RETURN stands;
END
$$;
REVOKE ALL ON FUNCTION public.pictures_create_at(uuid, timestamptz, jsonb) FROM PUBLIC;

-- Takes back a creation that was asked for, and says whether it was still there.
CREATE FUNCTION public.pictures_cancel_creation(id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.pictures_jobs j WHERE j.id = pictures_cancel_creation.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION public.pictures_cancel_creation(uuid) FROM PUBLIC;

-- `accept`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.pictures_accept(id uuid) RETURNS public.pictures
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.pictures;
    stands text;
BEGIN
    UPDATE public.pictures o SET
        state = 'accepted',
        event = 'accept',
        version = o.version + 1,
        entered_at = now()
    WHERE o.id = pictures_accept.id AND o.state = 'received'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.pictures o WHERE o.id = pictures_accept.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'pictures',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'picture', pictures_accept.id, coalesce(stands, 'not there'), 'accept');
    END IF;
    RETURN moved;
END
$$;

-- `show`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.pictures_show(id uuid, thumbnail text) RETURNS public.pictures
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.pictures;
    stands text;
BEGIN
    UPDATE public.pictures o SET
        state = 'shown',
        event = 'show',
        version = o.version + 1,
        entered_at = now(),
        thumbnail = pictures_show.thumbnail
    WHERE o.id = pictures_show.id AND o.state = 'accepted'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.pictures o WHERE o.id = pictures_show.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'pictures',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'picture', pictures_show.id, coalesce(stands, 'not there'), 'show');
    END IF;
    RETURN moved;
END
$$;

CREATE TRIGGER pictures_transition AFTER INSERT OR UPDATE ON public.pictures FOR EACH ROW EXECUTE FUNCTION public.pictures_transition();
CREATE TRIGGER pictures_removed AFTER DELETE ON public.pictures FOR EACH ROW EXECUTE FUNCTION public.pictures_removed();
CREATE TRIGGER pictures_truncate BEFORE TRUNCATE ON public.pictures EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER pictures_history_written BEFORE INSERT OR DELETE ON public.pictures_history FOR EACH ROW EXECUTE FUNCTION public.pictures_history_written();
CREATE TRIGGER pictures_history_update BEFORE UPDATE ON public.pictures_history FOR EACH ROW EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER pictures_history_truncate BEFORE TRUNCATE ON public.pictures_history EXECUTE FUNCTION workflow.refuse();

-- How long each instance was in each state; internal transitions do not end a stay.
CREATE VIEW public.pictures_timeline AS
SELECT stay.id, stay.version, stay.event, stay.state, stay.entered_at, stay.left_at,
       coalesce(stay.left_at, now()) - stay.entered_at AS spent
FROM (
    SELECT h.id, h.version, h.event, h.to_state AS state, h.at AS entered_at,
           lead(h.at) OVER (PARTITION BY h.id ORDER BY h.version) AS left_at
    FROM public.pictures_history h
) stay;

-- What is not finished, by state and age, and the work that is late for it.
CREATE VIEW public.pictures_stuck AS
SELECT o.state, o.entered_at, now() - o.entered_at AS age, o.id AS id, o.version,
       late.jobs AS late_jobs, late.oldest AS late_since, late.attempts, late.last_error
FROM public.pictures o
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs, min(j.run_at) AS oldest, max(j.attempt - j.forgiven) AS attempts,
           (array_agg(j.last_error ORDER BY j.attempt DESC) FILTER (WHERE j.last_error IS NOT NULL))[1] AS last_error
    FROM public.pictures_jobs j
    WHERE j.id = o.id AND j.finished_at IS NULL AND j.run_at < now()
) late
WHERE o.state NOT IN ('shown')
ORDER BY o.state, o.entered_at;

-- Rights go to the group roles, where there are such: an application's own role is made a member of one.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname IN ('workflow_app', 'workflow_worker', 'workflow_operator')) = 3 THEN
        GRANT SELECT, INSERT, UPDATE ON public.pictures TO workflow_app;
        GRANT SELECT ON public.pictures_history, public.pictures_timeline, public.pictures_stuck TO workflow_app;
        GRANT SELECT, UPDATE, DELETE ON public.pictures_jobs TO workflow_worker;
        GRANT EXECUTE ON FUNCTION public.pictures_done(uuid, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pictures_void(uuid, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pictures_recorded(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pictures_force(uuid, text, jsonb, text) TO workflow_operator;
        GRANT EXECUTE ON FUNCTION public.pictures_asked(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pictures_create_at(uuid, timestamptz, jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pictures_cancel_creation(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pictures_accept(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.pictures_show(uuid, text) TO workflow_app;
    END IF;
END
$$;

-- What a binary compares itself with.
INSERT INTO workflow.models (workflow, fingerprint, model) VALUES ('picture', 'ab435d27d67fbdfad4141945e1b98aa0',
    '{"facts":["edge accepted>show>shown","edge received>accept>accepted","field id uuid in all","field name text in all","field thumbnail text in shown","initial received","state accepted","state received","state shown","table public.pictures"]}');

INSERT INTO workflow.edges (workflow, from_state, event, to_state) VALUES
    ('picture', 'received', 'accept', 'accepted'),
    ('picture', 'accepted', 'show', 'shown');
