-- The `account` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

CREATE TABLE public.accounts (
    id uuid PRIMARY KEY,
    amount bigint NOT NULL,
    receipt uuid,
    state text NOT NULL DEFAULT 'open',
    event text NOT NULL DEFAULT 'create',
    version bigint NOT NULL DEFAULT 1,
    entered_at timestamptz NOT NULL DEFAULT now(),
    -- Who made the last transition, under which key; they speak of version `keyed`, and of nothing else.
    actor text,
    key uuid,
    keyed bigint,
    sum bigint,
    price bigint,
    CONSTRAINT accounts_state_1 CHECK (state = ANY ('{open,resting,held,charging,paying,split,closed}')),
    CONSTRAINT accounts_sum_1 CHECK ((sum IS NOT NULL) = (state = 'held')),
    CONSTRAINT accounts_price_1 CHECK ((price IS NOT NULL) = (state = ANY ('{charging,paying}')))
) WITH (fillfactor = 80);

CREATE TABLE public.accounts_history (
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
CREATE UNIQUE INDEX accounts_history_by_key ON public.accounts_history (id, key) WHERE key IS NOT NULL;

-- `run_at` is schedule, lease and back-off in one; `version` is the one at which the state was entered.
CREATE TABLE public.accounts_jobs (
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
CREATE INDEX accounts_jobs_due ON public.accounts_jobs (kind, job, run_at) WHERE finished_at IS NULL;

-- The effects. A statement that touches no row is a fault unless `maybe` is written: an unknown name must not take nothing.
CREATE FUNCTION public.accounts_effects(old public.accounts, new public.accounts) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = on AS $$
#variable_conflict use_column
DECLARE
    workflow_touched bigint;
BEGIN
    IF new.event = 'withdraw' THEN
        INSERT INTO entries (account, version, event, amount) VALUES (NEW.id, NEW.version, NEW.event, -NEW.amount);
        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = 'accounts',
                MESSAGE = format('%s %s: the effect of %s touched no row', 'account', new.id, new.event),
                DETAIL = 'INSERT INTO entries (account, version, event, amount) VALUES (NEW.id, NEW.version, NEW.event, -NEW.amount)', HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
        UPDATE totals SET balance = balance - NEW.amount, entries = entries + 1 WHERE account = NEW.id;
        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = 'accounts',
                MESSAGE = format('%s %s: the effect of %s touched no row', 'account', new.id, new.event),
                DETAIL = 'UPDATE totals SET balance = balance - NEW.amount, entries = entries + 1 WHERE account = NEW.id', HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
    END IF;
    IF new.event = 'charged' THEN
        INSERT INTO entries (account, version, event, amount) VALUES (NEW.id, NEW.version, NEW.event, -OLD.price);
        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = 'accounts',
                MESSAGE = format('%s %s: the effect of %s touched no row', 'account', new.id, new.event),
                DETAIL = 'INSERT INTO entries (account, version, event, amount) VALUES (NEW.id, NEW.version, NEW.event, -OLD.price)', HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
        UPDATE totals SET balance = balance - OLD.price, entries = entries + 1 WHERE account = NEW.id;
        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = 'accounts',
                MESSAGE = format('%s %s: the effect of %s touched no row', 'account', new.id, new.event),
                DETAIL = 'UPDATE totals SET balance = balance - OLD.price, entries = entries + 1 WHERE account = NEW.id', HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION public.accounts_effects(public.accounts, public.accounts) FROM PUBLIC;

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
    effectless boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' OR NEW.event <> 'create' OR NEW.version <> 1 OR NEW.entered_at <> now() OR NEW.keyed <> 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF002', TABLE = 'accounts',
                MESSAGE = format('%s %s cannot start in state %s, event %s, version %s',
                                 'account', NEW.id, NEW.state, NEW.event, NEW.version),
                HINT = format('It starts in %s; leave state, event, version and entered_at to their defaults.', 'open');
        END IF;
        IF NEW.keyed IS DISTINCT FROM NEW.version THEN
            RAISE EXCEPTION USING ERRCODE = 'WF005', TABLE = 'accounts',
                MESSAGE = format('%s %s: create has an effect in the application and must be done there', 'account', NEW.id);
        END IF;
    ELSIF NEW.version = OLD.version THEN
        -- Not a transition: then nothing that only transitions decide may have changed.
        IF (OLD.id, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, OLD.sum, OLD.price)
            IS DISTINCT FROM
           (NEW.id, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, NEW.sum, NEW.price) THEN
            PERFORM workflow.tolerate('account', OLD.id::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        RETURN NULL;
    ELSE
        step := OLD.state || '>' || NEW.event || '>' || NEW.state;
        internal := step = ANY (ARRAY['open>deposit>open', 'open>withdraw>open']);
        -- A transition with an effect in the application is fired there: the runtime marks it by its key.
        effectless := NEW.keyed IS DISTINCT FROM NEW.version AND step = ANY (ARRAY[
            'open>deposit>open',
            'resting>oversleep>open',
            'paying>paid>open',
            'open>split>split']);
        IF NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id
            OR NEW.entered_at <> (CASE WHEN internal THEN OLD.entered_at ELSE now() END)
            OR NOT (internal OR step = ANY (ARRAY[
                    'open>renew>open',
                    'open>rest>resting',
                    'resting>wake>open',
                    'resting>oversleep>open',
                    'open>hold>held',
                    'held>release>open',
                    'open>charge>charging',
                    'charging>charged>open',
                    'charging>refuse>open',
                    'open>pay>paying',
                    'paying>paid>open',
                    'open>split>split',
                    'split>join>open',
                    'open>close>closed']))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
            OR effectless
        THEN
            PERFORM workflow.tolerate('account', OLD.id::text, OLD.state, NEW.event, NEW.state,
                NEW.version = OLD.version + 1 AND NEW.id = OLD.id, effectless);
        END IF;
        -- Whoever sent it was told that it did nothing, and it comes now. Hardly ever is there a key like that: then nothing is looked for.
        IF pg_relation_size('workflow.voided') > 0 THEN
            IF EXISTS (SELECT FROM workflow.voided v WHERE NEW.keyed = NEW.version AND v.key = NEW.key) THEN
                RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
                    MESSAGE = format('%s %s: %s comes too late, its key is void', 'account', NEW.id, NEW.event);
            END IF;
        END IF;
    END IF;

    IF NEW.state = 'held' THEN
        data := jsonb_build_object('sum', NEW.sum);
    ELSIF NEW.state = 'charging' THEN
        data := jsonb_build_object('price', NEW.price);
    ELSIF NEW.state = 'paying' THEN
        data := jsonb_build_object('price', NEW.price);
    END IF;
    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('amount', NEW.amount, 'receipt', NEW.receipt);
    ELSIF NEW.event = 'deposit' THEN
        data := coalesce(data, '{}') || jsonb_build_object('amount', NEW.amount);
    ELSIF NEW.event = 'withdraw' THEN
        data := coalesce(data, '{}') || jsonb_build_object('amount', NEW.amount);
    ELSIF NEW.event = 'charged' THEN
        data := coalesce(data, '{}') || jsonb_build_object('receipt', NEW.receipt);
    ELSIF NEW.event = 'paid' THEN
        data := coalesce(data, '{}') || jsonb_build_object('receipt', NEW.receipt);
    END IF;
    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    INSERT INTO public.accounts_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.id, NEW.version, NEW.event, OLD.state, NEW.state, data,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.actor ELSE nullif(current_setting('workflow.actor', true), '') END,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.key END,
        CASE WHEN NEW.event IN ('force', 'migrate') THEN nullif(current_setting('workflow.note', true), '') END);

    -- Entering and leaving; an internal transition does neither.
    IF NOT internal THEN
        IF OLD.state IN ('resting', 'held', 'charging', 'paying', 'split') THEN
            DELETE FROM public.accounts_jobs j WHERE j.id = NEW.id AND j.kind <> 'task';
        END IF;
        IF NEW.state = 'resting' THEN
            INSERT INTO public.accounts_jobs (id, version, job, kind, run_at)
            VALUES (NEW.id, NEW.version, 'oversleep', 'timer', now() + interval '2 seconds');
        ELSIF NEW.state = 'held' THEN
            INSERT INTO public.accounts_jobs (id, version, job, kind, run_at)
            VALUES (NEW.id, NEW.version, 'release', 'timer', now() + interval '1 second');
        ELSIF NEW.state = 'charging' THEN
            INSERT INTO public.accounts_jobs (id, version, job, kind) VALUES (NEW.id, NEW.version, 'take_charge', 'activity');
        ELSIF NEW.state = 'paying' THEN
            INSERT INTO public.accounts_jobs (id, version, job, kind) VALUES (NEW.id, NEW.version, 'send_payment', 'activity');
        ELSIF NEW.state = 'split' THEN
            INSERT INTO public.accounts_jobs (id, version, job, kind) VALUES (NEW.id, NEW.version, 'join', 'join');
        END IF;
    END IF;
    IF NEW.event = 'hold' THEN
        INSERT INTO public.accounts_jobs (id, version, job, kind) VALUES
            (NEW.id, NEW.version, 'tell_holder', 'task');
    END IF;

    IF step = ANY (ARRAY['open>withdraw>open', 'charging>charged>open']) THEN
        PERFORM public.accounts_effects(OLD, NEW);
        -- An effect may move other instances, never its own: what the transition returned would not be true any more.
        IF (SELECT o.version FROM public.accounts o WHERE o.id = NEW.id) IS DISTINCT FROM NEW.version THEN
            RAISE EXCEPTION USING ERRCODE = 'WF006', TABLE = 'accounts',
                MESSAGE = format('%s %s: the effect of %s moved its own instance', 'account', NEW.id, NEW.event);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION public.accounts_transition() FROM PUBLIC;

-- Has this key taken effect on this instance? VOLATILE on purpose: it then looks with a fresh snapshot, also when an update that
-- waited for a row lock checks its conditions again. A plain NOT EXISTS, or a STABLE function, does not see what it waited for.
CREATE FUNCTION public.accounts_done(id uuid, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.accounts_history h WHERE h.id = accounts_done.id AND h.key = accounts_done.key);
END $$;

-- Makes sure that this key will never take effect any more, and says whether it has. The update changes nothing but takes the
-- row's lock, and makes a new version of the row: who waits for it, sent with this key by a connection that died, moves that
-- version, and is refused by the transition's trigger, which looks with a fresh snapshot.
CREATE FUNCTION public.accounts_void(id uuid, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    UPDATE public.accounts o SET id = o.id WHERE o.id = accounts_void.id;
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
REVOKE ALL ON FUNCTION public.accounts_void(uuid, uuid) FROM PUBLIC;

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
    DELETE FROM public.accounts_history h WHERE h.id = OLD.id;
    DELETE FROM public.accounts_jobs j WHERE j.id = OLD.id;
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
            IF EXISTS (SELECT FROM public.accounts o WHERE o.id OPERATOR(pg_catalog.=) NEW.id AND NEW.version OPERATOR(pg_catalog.=) o.version) THEN
                RETURN NEW;
            END IF;
        ELSIF NOT EXISTS (SELECT FROM public.accounts o WHERE o.id OPERATOR(pg_catalog.=) OLD.id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'WF003', TABLE = TG_TABLE_NAME,
        MESSAGE = pg_catalog.format('%s on %s is refused: history is written by transitions only and never changed', TG_OP, TG_TABLE_NAME);
END $$;
REVOKE ALL ON FUNCTION public.accounts_history_written() FROM PUBLIC;

-- The sanctioned repair: to any state, obeying its CHECKs, recorded with the reason. No effect and no guard takes part in it.
-- Granted to nobody but operators.
CREATE FUNCTION public.accounts_force(id uuid, state text, fields jsonb, reason text) RETURNS public.accounts
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was public.accounts;
    becomes public.accounts;
    moved public.accounts;
    wrong text;
BEGIN
    SELECT o.* INTO was FROM public.accounts o WHERE o.id = accounts_force.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('%s %s is not there', 'account', accounts_force.id);
    END IF;
    IF coalesce(accounts_force.reason, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s cannot be forced without a reason', 'account');
    END IF;
    IF accounts_force.state IS NULL OR NOT accounts_force.state = ANY (ARRAY[
        'open',
        'resting',
        'held',
        'charging',
        'paying',
        'split',
        'closed']) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no state %s', 'account', accounts_force.state);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM jsonb_object_keys(accounts_force.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['sum', 'price']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', 'account', wrong);
    END IF;
    becomes := jsonb_populate_record(was, jsonb_build_object('sum', NULL, 'price', NULL) || coalesce(accounts_force.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce(accounts_force.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ('account', was.state, 'force', accounts_force.state, 'migrate');
    UPDATE public.accounts o SET state = accounts_force.state, event = 'force', version = o.version + 1, entered_at = now(),
        sum = becomes.sum,
        price = becomes.price
    WHERE o.id = accounts_force.id RETURNING o.* INTO moved;
    DELETE FROM workflow.edges e
        WHERE e.workflow = 'account' AND e.event = 'force' AND e.from_state = was.state AND e.to_state = accounts_force.state;
    PERFORM set_config('workflow.note', '', true);
    RETURN moved;
END
$$;
REVOKE ALL ON FUNCTION public.accounts_force(uuid, text, jsonb, text) FROM PUBLIC;

-- What was asked for as a row, by today's names: a field that came since has its default.
CREATE FUNCTION public.accounts_asked(fields jsonb) RETURNS public.accounts
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.accounts, accounts_asked.fields);
END
$$;

-- Asks for a creation at a time, for any client; a worker makes it, with its effects. What comes back is nothing, or the time of a
-- creation that was asked for before: that one stays.
CREATE FUNCTION public.accounts_create_at(id uuid, at timestamptz, fields jsonb) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
    stands timestamptz;
BEGIN
    IF accounts_create_at.id IS NULL OR accounts_create_at.at IS NULL OR NOT isfinite(accounts_create_at.at) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s needs a key and a time to be created at', 'account');
    END IF;
    SELECT string_agg(f.name, ', ' ORDER BY f.name) INTO wrong FROM jsonb_object_keys(accounts_create_at.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['amount', 'receipt']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s %s: creation knows no %s', 'account', accounts_create_at.id, wrong);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM unnest(ARRAY['amount']) AS f (name)
        WHERE accounts_create_at.fields ->> f.name IS NULL;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'not_null_violation',
            MESSAGE = format('%s %s: creation needs %s', 'account', accounts_create_at.id, wrong);
    END IF;
    -- What does not fit the columns is found now, and not when it is due.
    PERFORM jsonb_populate_record(NULL::public.accounts, accounts_create_at.fields);
    IF EXISTS (SELECT FROM public.accounts o WHERE o.id = accounts_create_at.id) THEN
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
REVOKE ALL ON FUNCTION public.accounts_create_at(uuid, timestamptz, jsonb) FROM PUBLIC;

-- Takes back a creation that was asked for, and says whether it was still there.
CREATE FUNCTION public.accounts_cancel_creation(id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.accounts_jobs j WHERE j.id = accounts_cancel_creation.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION public.accounts_cancel_creation(uuid) FROM PUBLIC;

-- `withdraw`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_withdraw(id uuid, amount bigint) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        event = 'withdraw',
        version = o.version + 1,
        amount = accounts_withdraw.amount
    WHERE o.id = accounts_withdraw.id AND o.state = 'open'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.id = accounts_withdraw.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_withdraw.id, coalesce(stands, 'not there'), 'withdraw');
    END IF;
    RETURN moved;
END
$$;

-- `renew`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_renew(id uuid) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'open',
        event = 'renew',
        version = o.version + 1,
        entered_at = now()
    WHERE o.id = accounts_renew.id AND o.state = 'open'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.id = accounts_renew.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_renew.id, coalesce(stands, 'not there'), 'renew');
    END IF;
    RETURN moved;
END
$$;

-- `rest`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_rest(id uuid) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'resting',
        event = 'rest',
        version = o.version + 1,
        entered_at = now()
    WHERE o.id = accounts_rest.id AND o.state = 'open'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.id = accounts_rest.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_rest.id, coalesce(stands, 'not there'), 'rest');
    END IF;
    RETURN moved;
END
$$;

-- `wake`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_wake(id uuid) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'open',
        event = 'wake',
        version = o.version + 1,
        entered_at = now()
    WHERE o.id = accounts_wake.id AND o.state = 'resting'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.id = accounts_wake.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_wake.id, coalesce(stands, 'not there'), 'wake');
    END IF;
    RETURN moved;
END
$$;

-- `hold`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_hold(id uuid, sum bigint) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'held',
        event = 'hold',
        version = o.version + 1,
        entered_at = now(),
        sum = accounts_hold.sum
    WHERE o.id = accounts_hold.id AND o.state = 'open'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.id = accounts_hold.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_hold.id, coalesce(stands, 'not there'), 'hold');
    END IF;
    RETURN moved;
END
$$;

-- `release`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_release(id uuid) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'open',
        event = 'release',
        version = o.version + 1,
        entered_at = now(),
        sum = NULL
    WHERE o.id = accounts_release.id AND o.state = 'held'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.id = accounts_release.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_release.id, coalesce(stands, 'not there'), 'release');
    END IF;
    RETURN moved;
END
$$;

-- `charge`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_charge(id uuid, price bigint) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'charging',
        event = 'charge',
        version = o.version + 1,
        entered_at = now(),
        price = accounts_charge.price
    WHERE o.id = accounts_charge.id AND o.state = 'open'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.id = accounts_charge.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_charge.id, coalesce(stands, 'not there'), 'charge');
    END IF;
    RETURN moved;
END
$$;

-- `charged`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_charged(id uuid, receipt uuid) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'open',
        event = 'charged',
        version = o.version + 1,
        entered_at = now(),
        receipt = accounts_charged.receipt,
        price = NULL
    WHERE o.id = accounts_charged.id AND o.state = 'charging'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.id = accounts_charged.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_charged.id, coalesce(stands, 'not there'), 'charged');
    END IF;
    RETURN moved;
END
$$;

-- `refuse`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_refuse(id uuid) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'open',
        event = 'refuse',
        version = o.version + 1,
        entered_at = now(),
        price = NULL
    WHERE o.id = accounts_refuse.id AND o.state = 'charging'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.id = accounts_refuse.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_refuse.id, coalesce(stands, 'not there'), 'refuse');
    END IF;
    RETURN moved;
END
$$;

-- `pay`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_pay(id uuid, price bigint) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'paying',
        event = 'pay',
        version = o.version + 1,
        entered_at = now(),
        price = accounts_pay.price
    WHERE o.id = accounts_pay.id AND o.state = 'open'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.id = accounts_pay.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_pay.id, coalesce(stands, 'not there'), 'pay');
    END IF;
    RETURN moved;
END
$$;

-- `join`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_join(id uuid) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'open',
        event = 'join',
        version = o.version + 1,
        entered_at = now()
    WHERE o.id = accounts_join.id AND o.state = 'split'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.id = accounts_join.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_join.id, coalesce(stands, 'not there'), 'join');
    END IF;
    RETURN moved;
END
$$;

-- `close`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.accounts_close(id uuid) RETURNS public.accounts
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.accounts;
    stands text;
BEGIN
    UPDATE public.accounts o SET
        state = 'closed',
        event = 'close',
        version = o.version + 1,
        entered_at = now()
    WHERE o.id = accounts_close.id AND o.state = 'open'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.accounts o WHERE o.id = accounts_close.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'accounts',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'account', accounts_close.id, coalesce(stands, 'not there'), 'close');
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
    WHERE h.from_state IS NULL OR h.from_state || '>' || h.event || '>' || h.to_state <> ALL (ARRAY['open>deposit>open', 'open>withdraw>open'])
) stay;

-- What is not finished, by state and age, and the work that is late for it.
CREATE VIEW public.accounts_stuck AS
SELECT o.state, o.entered_at, now() - o.entered_at AS age, o.id AS id, o.version,
       late.jobs AS late_jobs, late.oldest AS late_since, late.attempts, late.last_error
FROM public.accounts o
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs, min(j.run_at) AS oldest, max(j.attempt - j.forgiven) AS attempts,
           (array_agg(j.last_error ORDER BY j.attempt DESC) FILTER (WHERE j.last_error IS NOT NULL))[1] AS last_error
    FROM public.accounts_jobs j
    WHERE j.id = o.id AND j.finished_at IS NULL AND j.run_at < now()
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
        GRANT EXECUTE ON FUNCTION public.accounts_done(uuid, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_void(uuid, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_recorded(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_force(uuid, text, jsonb, text) TO workflow_operator;
        GRANT EXECUTE ON FUNCTION public.accounts_asked(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_create_at(uuid, timestamptz, jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_cancel_creation(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_withdraw(uuid, bigint) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_renew(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_rest(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_wake(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_hold(uuid, bigint) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_release(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_charge(uuid, bigint) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_charged(uuid, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_refuse(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_pay(uuid, bigint) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_join(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.accounts_close(uuid) TO workflow_app;
    END IF;
END
$$;

-- What a binary compares itself with.
INSERT INTO workflow.models (workflow, fingerprint, model) VALUES ('account', 'baa3087937dfeafae44faad0e85263c3',
    '{"facts":["edge charging>charged>open","edge charging>refuse>open","edge held>release>open","edge open>charge>charging","edge open>close>closed","edge open>deposit>open","edge open>hold>held","edge open>pay>paying","edge open>renew>open","edge open>rest>resting","edge open>split>split","edge open>withdraw>open","edge paying>paid>open","edge resting>oversleep>open","edge resting>wake>open","edge split>join>open","field amount bigint in all","field id uuid in all","field price bigint in charging,paying","field receipt uuid null in all","field sum bigint in held","initial open","state charging","state closed","state held","state open","state paying","state resting","state split","table public.accounts"]}');

INSERT INTO workflow.edges (workflow, from_state, event, to_state) VALUES
    ('account', 'open', 'deposit', 'open'),
    ('account', 'open', 'withdraw', 'open'),
    ('account', 'open', 'renew', 'open'),
    ('account', 'open', 'rest', 'resting'),
    ('account', 'resting', 'wake', 'open'),
    ('account', 'resting', 'oversleep', 'open'),
    ('account', 'open', 'hold', 'held'),
    ('account', 'held', 'release', 'open'),
    ('account', 'open', 'charge', 'charging'),
    ('account', 'charging', 'charged', 'open'),
    ('account', 'charging', 'refuse', 'open'),
    ('account', 'open', 'pay', 'paying'),
    ('account', 'paying', 'paid', 'open'),
    ('account', 'open', 'split', 'split'),
    ('account', 'split', 'join', 'open'),
    ('account', 'open', 'close', 'closed');
