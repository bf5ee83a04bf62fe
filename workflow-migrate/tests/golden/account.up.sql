-- The `account` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

-- What the declaration says is there must be there; our columns are added where they are missing.
DO $$
DECLARE
    of regclass := 'public.accounts'::regclass;
    wrong text;
    name text;
    type text;
BEGIN
    SELECT string_agg(format('%s (%s)', e.name, CASE
            WHEN a.attname IS NULL THEN 'is not there'
            WHEN a.atttypid <> coalesce(e.type::regtype::oid, a.atttypid) THEN 'is ' || format_type(a.atttypid, a.atttypmod) || ', not ' || e.type
            WHEN e.required AND NOT a.attnotnull THEN 'may be NULL'
            ELSE 'is not unique' END), ', ') INTO wrong
    FROM (VALUES
            ('number', 'bigint', true, false),
            ('email', 'text', true, true),
            ('status', NULL, false, false)
        ) AS e (name, type, required, alone)
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = of AND a.attname = e.name AND a.attnum > 0 AND NOT a.attisdropped
    WHERE a.attname IS NULL OR a.atttypid <> coalesce(e.type::regtype::oid, a.atttypid) OR (e.required AND NOT a.attnotnull)
        OR (e.alone OR e.name = 'number') AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
            WHERE i.indrelid = of AND i.indisunique AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = format('%s is not as it is declared: %s', of, wrong);
    END IF;

    FOR name, type IN VALUES
            ('state', 'text'),
            ('event', 'text'),
            ('version', 'bigint'),
            ('entered_at', 'timestamptz'),
            ('actor', 'text'),
            ('key', 'uuid'),
            ('keyed', 'bigint'),
            ('since', 'date'),
            ('why', 'text')
    LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = of AND a.attname = name AND NOT a.attisdropped) THEN
            SELECT format_type(a.atttypid, a.atttypmod) INTO wrong FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = of AND a.attname = name AND a.atttypid <> type::regtype;
            IF FOUND THEN
                RAISE EXCEPTION USING MESSAGE = format('%s.%s is %s, not %s', of, name, wrong, type);
            END IF;
        ELSE
            EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s', of, name, type);
            EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', of, name, 'added by the workflow account');
        END IF;
    END LOOP;
END
$$;

CREATE TABLE public.accounts_history (
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
CREATE UNIQUE INDEX accounts_history_by_key ON public.accounts_history (id, key) WHERE key IS NOT NULL;

-- `run_at` is schedule, lease and back-off in one; `version` is the one at which the state was entered.
CREATE TABLE public.accounts_jobs (
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
CREATE INDEX accounts_jobs_due ON public.accounts_jobs (kind, job, run_at) WHERE finished_at IS NULL;

-- Every status must be the label of a state.
DO $$
DECLARE
    unknown text;
BEGIN
    SELECT string_agg(format('%s (%s rows)', coalesce(wrong.status, 'NULL'), wrong.rows), ', ' ORDER BY wrong.status) INTO unknown
    FROM (SELECT o.status::text AS status, count(*) AS rows FROM public.accounts o
          WHERE (o.status::text = ANY (ARRAY['fresh', 'active', 'closed'])) IS NOT TRUE
          GROUP BY o.status::text) wrong;
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = format('%s.%s has values that are no state: %s', 'public.accounts', 'status', unknown),
            HINT = 'Declare a state with that #[label], or change the rows first.';
    END IF;
END
$$;
UPDATE public.accounts SET state = status::text, event = 'adopt', version = 1, entered_at = now();

-- A state's field is there if and only if the row is in the state.
DO $$
DECLARE
    missing bigint;
    outside bigint;
BEGIN
    SELECT count(*) FILTER (WHERE o.since IS NULL AND o.state = 'active'), count(*) FILTER (WHERE o.since IS NOT NULL AND NOT o.state = 'active') INTO missing, outside FROM public.accounts o;
    IF missing > 0 OR outside > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s.%s is missing in %s rows of its states, and there in %s rows of others',
                                               'public.accounts', 'since', missing, outside),
            HINT = 'Fill or clear these rows first, or declare the field for the states that have it.';
    END IF;
    SELECT count(*) FILTER (WHERE o.why IS NULL AND o.state = 'closed'), count(*) FILTER (WHERE o.why IS NOT NULL AND NOT o.state = 'closed') INTO missing, outside FROM public.accounts o;
    IF missing > 0 OR outside > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s.%s is missing in %s rows of its states, and there in %s rows of others',
                                               'public.accounts', 'why', missing, outside),
            HINT = 'Fill or clear these rows first, or declare the field for the states that have it.';
    END IF;
END
$$;

ALTER TABLE public.accounts
    ALTER state SET DEFAULT 'fresh', ALTER state SET NOT NULL,
    ALTER event SET DEFAULT 'create', ALTER event SET NOT NULL,
    ALTER version SET DEFAULT 1, ALTER version SET NOT NULL,
    ALTER entered_at SET DEFAULT now(), ALTER entered_at SET NOT NULL,
    ADD CONSTRAINT accounts_state_1 CHECK (state = ANY ('{fresh,active,closed}')),
    ADD CONSTRAINT accounts_since_1 CHECK ((since IS NOT NULL) = (state = 'active')),
    ADD CONSTRAINT accounts_why_1 CHECK ((why IS NOT NULL) = (state = 'closed')),
    ADD CONSTRAINT accounts_since_range_1 CHECK (isfinite(since) AND since < '262143-01-01');

INSERT INTO public.accounts_history (id, version, event, to_state, data)
SELECT o.number, 1, 'adopt', o.state, jsonb_build_object('email', o.email) || CASE o.state WHEN 'active' THEN jsonb_build_object('since', o.since) WHEN 'closed' THEN jsonb_build_object('why', o.why) ELSE '{}'::jsonb END FROM public.accounts o;
INSERT INTO public.accounts_jobs (id, version, job, kind, run_at)
SELECT o.number, 1, 'forget', 'timer', now() + interval '1 day' FROM public.accounts o WHERE o.state = 'fresh' AND now() + interval '1 day' IS NOT NULL;
INSERT INTO public.accounts_jobs (id, version, job, kind, run_at)
SELECT o.number, 1, 'check', 'activity', now() FROM public.accounts o WHERE o.state = 'active' AND now() IS NOT NULL;

CREATE UNIQUE INDEX accounts_why_key ON public.accounts (why) WHERE why IS NOT NULL;

-- Every insert and update passes here, after all BEFORE triggers: guard, history, jobs, and last the `with sql` effects.
-- The edges stand in the body because a plan is cached there; a WHEN clause is prepared anew by each statement.
CREATE FUNCTION public.accounts_transition() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    -- A plan that is made while there are no jobs would read them all as long as its connection lives.
    SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    step text;
    data jsonb;
    internal boolean := false;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'fresh' OR NEW.event <> 'create' OR NEW.version <> 1 OR NEW.entered_at <> now() OR NEW.keyed <> 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF002', TABLE = 'accounts',
                MESSAGE = format('%s %s cannot start in state %s, event %s, version %s',
                                 'account', NEW.number, NEW.state, NEW.event, NEW.version),
                HINT = format('It starts in %s; leave state, event, version and entered_at to their defaults.', 'fresh');
        END IF;
    ELSIF NEW.version = OLD.version THEN
        -- Not a transition: then nothing that only transitions decide may have changed.
        IF (OLD.number, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, OLD.since, OLD.why)
            IS DISTINCT FROM
           (NEW.number, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, NEW.since, NEW.why) THEN
            PERFORM workflow.tolerate('account', OLD.number::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        RETURN NULL;
    ELSE
        step := OLD.state || '>' || NEW.event || '>' || NEW.state;
        internal := step = ANY (ARRAY['active>checked>active']);
        IF NEW.version <> OLD.version + 1 OR NEW.number <> OLD.number
            OR NEW.entered_at <> (CASE WHEN internal THEN OLD.entered_at ELSE now() END)
            OR NOT (internal OR step = ANY (ARRAY[
                    'fresh>activate>active',
                    'fresh>close>closed',
                    'active>close>closed',
                    'fresh>forget>closed']))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
        THEN
            PERFORM workflow.tolerate('account', OLD.number::text, OLD.state, NEW.event, NEW.state,
                NEW.version = OLD.version + 1 AND NEW.number = OLD.number, false);
        END IF;
        -- Whoever sent it was told that it did nothing, and it comes now. Hardly ever is there a key like that: then nothing is looked for.
        IF pg_relation_size('workflow.voided') > 0 THEN
            IF EXISTS (SELECT FROM workflow.voided v WHERE NEW.keyed = NEW.version AND v.key = NEW.key) THEN
                RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
                    MESSAGE = format('%s %s: %s comes too late, its key is void', 'account', NEW.number, NEW.event);
            END IF;
        END IF;
    END IF;

    IF NEW.state = 'active' THEN
        data := jsonb_build_object('since', NEW.since);
    ELSIF NEW.state = 'closed' THEN
        data := jsonb_build_object('why', NEW.why);
    END IF;
    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('email', NEW.email);
    END IF;
    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    INSERT INTO public.accounts_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.number, NEW.version, NEW.event, OLD.state, NEW.state, data,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.actor ELSE nullif(current_setting('workflow.actor', true), '') END,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.key END,
        CASE WHEN NEW.event IN ('force', 'migrate') THEN nullif(current_setting('workflow.note', true), '') END);

    -- Entering and leaving; an internal transition does neither.
    IF NOT internal THEN
        IF OLD.state IN ('fresh', 'active') THEN
            DELETE FROM public.accounts_jobs j WHERE j.id = NEW.number AND j.kind <> 'task';
        END IF;
        IF NEW.state = 'fresh' THEN
            INSERT INTO public.accounts_jobs (id, version, job, kind, run_at)
            VALUES (NEW.number, NEW.version, 'forget', 'timer', now() + interval '1 day');
        ELSIF NEW.state = 'active' THEN
            INSERT INTO public.accounts_jobs (id, version, job, kind) VALUES (NEW.number, NEW.version, 'check', 'activity');
        END IF;
    ELSE
        -- Once a stay: it comes back when the state is entered anew.
        IF NEW.event = 'checked' THEN
            DELETE FROM public.accounts_jobs j WHERE j.id = NEW.number AND j.kind = 'activity' AND j.job = 'check';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION public.accounts_transition() FROM PUBLIC;

-- Has this key taken effect on this instance? VOLATILE on purpose: it then looks with a fresh snapshot, also when an update that
-- waited for a row lock checks its conditions again. A plain NOT EXISTS, or a STABLE function, does not see what it waited for.
CREATE FUNCTION public.accounts_done(id bigint, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.accounts_history h WHERE h.id = accounts_done.id AND h.key = accounts_done.key);
END $$;

-- Makes sure that this key will never take effect any more, and says whether it has. The update changes nothing but takes the
-- row's lock, and makes a new version of the row: who waits for it, sent with this key by a connection that died, moves that
-- version, and is refused by the transition's trigger, which looks with a fresh snapshot.
CREATE FUNCTION public.accounts_void(id bigint, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    UPDATE public.accounts o SET number = o.number WHERE o.number = accounts_void.id;
    -- A statement of its own: its snapshot is taken after the lock was got.
    IF EXISTS (SELECT FROM public.accounts_history h WHERE h.id = accounts_void.id AND h.key = accounts_void.key) THEN
        RETURN true;
    END IF;
    INSERT INTO workflow.voided (key) VALUES (accounts_void.key) ON CONFLICT DO NOTHING;
    -- No statement waits for a day. Rows that somebody else is deleting are left to them.
    DELETE FROM workflow.voided v WHERE v.key IN
        (SELECT stale.key FROM workflow.voided stale WHERE stale.at < now() - interval '1 day' FOR UPDATE SKIP LOCKED);
    RETURN false;
END $$;
REVOKE ALL ON FUNCTION public.accounts_void(bigint, uuid) FROM PUBLIC;

-- What history holds, read back by PostgreSQL's own casts; nothing when it no longer fits the columns.
CREATE FUNCTION public.accounts_recorded(state_data jsonb) RETURNS public.accounts
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.accounts, state_data);
EXCEPTION WHEN others THEN
    RETURN NULL;
END $$;

-- An instance takes its history and its jobs with it.
CREATE FUNCTION public.accounts_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    DELETE FROM public.accounts_history h WHERE h.id = OLD.number;
    DELETE FROM public.accounts_jobs j WHERE j.id = OLD.number;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.accounts_removed() FROM PUBLIC;

-- History is written by the transition's trigger and deleted after its instance. Depth 1 is a client's own statement; another
-- trigger is as deep as ours, but the version that the instance is at is already there (the primary key refuses a second one),
-- and any other is refused here; so is a step whose instance a user's trigger has moved on before it was recorded.
-- It has no settings of its own, which cost each transition something: so each name says whose it is.
CREATE FUNCTION public.accounts_history_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.>) 1 THEN
        IF TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN
            IF EXISTS (SELECT FROM public.accounts o WHERE o.number OPERATOR(pg_catalog.=) NEW.id AND NEW.version OPERATOR(pg_catalog.=) o.version) THEN
                RETURN NEW;
            END IF;
        ELSIF NOT EXISTS (SELECT FROM public.accounts o WHERE o.number OPERATOR(pg_catalog.=) OLD.id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'WF003', TABLE = TG_TABLE_NAME,
        MESSAGE = pg_catalog.format('%s on %s is refused: history is written by transitions only and never changed', TG_OP, TG_TABLE_NAME);
END $$;
REVOKE ALL ON FUNCTION public.accounts_history_written() FROM PUBLIC;

-- The sanctioned repair: to any state, obeying its CHECKs, recorded with the reason. No effect and no guard takes part in it.
-- Granted to nobody but operators.
CREATE FUNCTION public.accounts_force(id bigint, state text, fields jsonb, reason text) RETURNS public.accounts
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was public.accounts;
    becomes public.accounts;
    moved public.accounts;
    wrong text;
BEGIN
    SELECT o.* INTO was FROM public.accounts o WHERE o.number = accounts_force.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('%s %s is not there', 'account', accounts_force.id);
    END IF;
    IF coalesce(accounts_force.reason, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s cannot be forced without a reason', 'account');
    END IF;
    IF accounts_force.state IS NULL OR NOT accounts_force.state = ANY (ARRAY['fresh', 'active', 'closed']) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no state %s', 'account', accounts_force.state);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM jsonb_object_keys(accounts_force.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['since', 'why']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', 'account', wrong);
    END IF;
    becomes := jsonb_populate_record(was, jsonb_build_object('since', NULL, 'why', NULL) || coalesce(accounts_force.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce(accounts_force.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ('account', was.state, 'force', accounts_force.state, 'migrate');
    UPDATE public.accounts o SET state = accounts_force.state, event = 'force', version = o.version + 1, entered_at = now(),
        since = becomes.since,
        why = becomes.why
    WHERE o.number = accounts_force.id RETURNING o.* INTO moved;
    DELETE FROM workflow.edges e
        WHERE e.workflow = 'account' AND e.event = 'force' AND e.from_state = was.state AND e.to_state = accounts_force.state;
    PERFORM set_config('workflow.note', '', true);
    RETURN moved;
END
$$;
REVOKE ALL ON FUNCTION public.accounts_force(bigint, text, jsonb, text) FROM PUBLIC;

-- What was asked for as a row, by today's names: a field that came since has its default.
CREATE FUNCTION public.accounts_asked(fields jsonb) RETURNS public.accounts
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.accounts, accounts_asked.fields);
END
$$;

-- Asks for a creation at a time, for any client; a worker makes it, with its effects. What comes back is nothing, or the time of a
-- creation that was asked for before: that one stays.
CREATE FUNCTION public.accounts_create_at(id bigint, at timestamptz, fields jsonb) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
    stands timestamptz;
BEGIN
    IF accounts_create_at.id IS NULL OR accounts_create_at.at IS NULL OR NOT isfinite(accounts_create_at.at) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s needs a key and a time to be created at', 'account');
    END IF;
    SELECT string_agg(f.name, ', ' ORDER BY f.name) INTO wrong FROM jsonb_object_keys(accounts_create_at.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['email']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s %s: creation knows no %s', 'account', accounts_create_at.id, wrong);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM unnest(ARRAY['email']) AS f (name)
        WHERE accounts_create_at.fields ->> f.name IS NULL;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'not_null_violation',
            MESSAGE = format('%s %s: creation needs %s', 'account', accounts_create_at.id, wrong);
    END IF;
    -- What does not fit the columns is found now, and not when it is due.
    PERFORM jsonb_populate_record(NULL::public.accounts, accounts_create_at.fields);
    IF EXISTS (SELECT FROM public.accounts o WHERE o.number = accounts_create_at.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', TABLE = 'accounts',
            MESSAGE = format('%s %s is there already', 'account', accounts_create_at.id);
    END IF;
    LOOP
        INSERT INTO public.accounts_jobs AS j (id, version, job, kind, run_at, data)
        VALUES (accounts_create_at.id, 0, 'create', 'creation', accounts_create_at.at, coalesce(accounts_create_at.fields, '{}'))
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
        SELECT j.run_at INTO stands FROM public.accounts_jobs j
            WHERE j.id = accounts_create_at.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
        EXIT WHEN FOUND;
    END LOOP;
    RETURN stands;
END
$$;
REVOKE ALL ON FUNCTION public.accounts_create_at(bigint, timestamptz, jsonb) FROM PUBLIC;

-- Takes back a creation that was asked for, and says whether it was still there.
CREATE FUNCTION public.accounts_cancel_creation(id bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.accounts_jobs j WHERE j.id = accounts_cancel_creation.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION public.accounts_cancel_creation(bigint) FROM PUBLIC;

-- `activate`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_activate(number bigint, since date) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'active',
        event = 'activate',
        version = o.version + 1,
        entered_at = now(),
        since = accounts_activate.since
    WHERE o.number = accounts_activate.number AND o.state = 'fresh'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.number = accounts_activate.number;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_activate.number, coalesce(stands, 'not there'), 'activate');
    END IF;
    RETURN moved;
END
$$;

-- `close`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_close(number bigint, why text) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'closed',
        event = 'close',
        version = o.version + 1,
        entered_at = now(),
        since = NULL,
        why = accounts_close.why
    WHERE o.number = accounts_close.number AND o.state IN ('fresh', 'active')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.number = accounts_close.number;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_close.number, coalesce(stands, 'not there'), 'close');
    END IF;
    RETURN moved;
END
$$;

-- `forget`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_forget(number bigint) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'closed',
        event = 'forget',
        version = o.version + 1,
        entered_at = now(),
        why = 'forgotten'
    WHERE o.number = accounts_forget.number AND o.state = 'fresh'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.number = accounts_forget.number;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_forget.number, coalesce(stands, 'not there'), 'forget');
    END IF;
    RETURN moved;
END
$$;

-- `checked`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_checked(number bigint) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        event = 'checked',
        version = o.version + 1
    WHERE o.number = accounts_checked.number AND o.state = 'active'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.number = accounts_checked.number;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_checked.number, coalesce(stands, 'not there'), 'checked');
    END IF;
    RETURN moved;
END
$$;

CREATE TRIGGER accounts_transition AFTER INSERT OR UPDATE ON public.accounts FOR EACH ROW EXECUTE FUNCTION public.accounts_transition();
CREATE TRIGGER accounts_removed AFTER DELETE ON public.accounts FOR EACH ROW EXECUTE FUNCTION public.accounts_removed();
CREATE TRIGGER accounts_truncate BEFORE TRUNCATE ON public.accounts EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER accounts_history_written BEFORE INSERT OR DELETE ON public.accounts_history FOR EACH ROW EXECUTE FUNCTION public.accounts_history_written();
CREATE TRIGGER accounts_history_update BEFORE UPDATE ON public.accounts_history FOR EACH ROW EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER accounts_history_truncate BEFORE TRUNCATE ON public.accounts_history EXECUTE FUNCTION workflow.refuse();

-- How long each instance was in each state; internal transitions do not end a stay.
CREATE VIEW public.accounts_timeline AS
SELECT stay.id, stay.version, stay.event, stay.state, stay.entered_at, stay.left_at,
       coalesce(stay.left_at, now()) - stay.entered_at AS spent
FROM (
    SELECT h.id, h.version, h.event, h.to_state AS state, h.at AS entered_at,
           lead(h.at) OVER (PARTITION BY h.id ORDER BY h.version) AS left_at
    FROM public.accounts_history h
    WHERE h.from_state IS NULL OR h.from_state || '>' || h.event || '>' || h.to_state <> ALL (ARRAY['active>checked>active'])
) stay;

-- What is not finished, by state and age, and the work that is late for it.
CREATE VIEW public.accounts_stuck AS
SELECT o.state, o.entered_at, now() - o.entered_at AS age, o.number AS id, o.version,
       late.jobs AS late_jobs, late.oldest AS late_since, late.attempts, late.last_error
FROM public.accounts o
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs, min(j.run_at) AS oldest, max(j.attempt - j.forgiven) AS attempts,
           (array_agg(j.last_error ORDER BY j.attempt DESC) FILTER (WHERE j.last_error IS NOT NULL))[1] AS last_error
    FROM public.accounts_jobs j
    WHERE j.id = o.number AND j.finished_at IS NULL AND j.run_at < now()
) late
WHERE o.state NOT IN ('closed')
ORDER BY o.state, o.entered_at;

-- Rights go to the group roles, where there are such: an application's own role is made a member of one.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname IN ('workflow_app', 'workflow_worker', 'workflow_operator')) = 3 THEN
        GRANT SELECT, INSERT, UPDATE ON public.accounts TO workflow_app;
        GRANT SELECT ON public.accounts_history, public.accounts_timeline, public.accounts_stuck TO workflow_app;
        GRANT SELECT, UPDATE, DELETE ON public.accounts_jobs TO workflow_worker;
        GRANT EXECUTE ON FUNCTION public.accounts_done(bigint, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_void(bigint, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_recorded(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_force(bigint, text, jsonb, text) TO workflow_operator;
        GRANT EXECUTE ON FUNCTION public.accounts_asked(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_create_at(bigint, timestamptz, jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_cancel_creation(bigint) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_activate(bigint, date) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_close(bigint, text) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_forget(bigint) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_checked(bigint) TO workflow_app;
    END IF;
END
$$;

-- What a binary compares itself with.
INSERT INTO workflow.models (workflow, fingerprint, model) VALUES ('account', '4cc5b237b06f5295b42eba6438c76d19',
    '{"facts":["edge active>checked>active","edge active>close>closed","edge fresh>activate>active","edge fresh>close>closed","edge fresh>forget>closed","field email text in all","field number bigint in all","field since date in active","field why text in closed","initial fresh","state active","state closed","state fresh","table public.accounts"]}');

INSERT INTO workflow.edges (workflow, from_state, event, to_state) VALUES
    ('account', 'fresh', 'activate', 'active'),
    ('account', 'fresh', 'close', 'closed'),
    ('account', 'active', 'close', 'closed'),
    ('account', 'fresh', 'forget', 'closed'),
    ('account', 'active', 'checked', 'active');
