-- The `claim` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

CREATE TABLE public.claims (
    id uuid PRIMARY KEY,
    employee text NOT NULL,
    amount integer NOT NULL,
    state text NOT NULL DEFAULT 'draft',
    event text NOT NULL DEFAULT 'create',
    version bigint NOT NULL DEFAULT 1,
    entered_at timestamptz NOT NULL DEFAULT now(),
    -- Who made the last transition, under which key; they speak of version `keyed`, and of nothing else.
    actor text,
    key uuid,
    keyed bigint,
    reason text,
    CONSTRAINT claims_state_1 CHECK (state = ANY ('{draft,submitted,escalated,approved,rejected}')),
    CONSTRAINT claims_reason_1 CHECK ((reason IS NOT NULL) = (state = 'rejected'))
) WITH (fillfactor = 80);

CREATE TABLE public.claims_history (
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
CREATE UNIQUE INDEX claims_history_by_key ON public.claims_history (id, key) WHERE key IS NOT NULL;

-- `run_at` is schedule, lease and back-off in one; `version` is the one at which the state was entered.
CREATE TABLE public.claims_jobs (
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
CREATE INDEX claims_jobs_due ON public.claims_jobs (kind, job, run_at) WHERE finished_at IS NULL;

-- The guards: the text of the one that is in the way of a transition, or nothing. Bare names of columns mean the row before.
CREATE FUNCTION public.claims_guards(old public.claims, new public.claims) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = on AS $$
#variable_conflict use_column
DECLARE
    workflow_holds boolean;
BEGIN
    IF new.event = 'approve' AND old.state = 'submitted' AND old.state = 'submitted' THEN
        SELECT (amount <= 1000
            ) INTO workflow_holds FROM (SELECT (old).*) AS claims;
        IF workflow_holds IS NOT TRUE THEN
            RETURN 'amount <= 1000';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION public.claims_guards(public.claims, public.claims) FROM PUBLIC;

-- Every insert and update passes here, after all BEFORE triggers: guard, history, jobs, and last the `with sql` effects.
-- The edges stand in the body because a plan is cached there; a WHEN clause is prepared anew by each statement.
CREATE FUNCTION public.claims_transition() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    -- A plan that is made while there are no jobs would read them all as long as its connection lives.
    SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    step text;
    data jsonb;
    internal boolean := false;
    blocked_by text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.event <> 'create' OR NEW.version <> 1 OR NEW.entered_at <> now() OR NEW.keyed <> 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF002', TABLE = 'claims',
                MESSAGE = format('%s %s cannot start in state %s, event %s, version %s',
                                 'claim', NEW.id, NEW.state, NEW.event, NEW.version),
                HINT = format('It starts in %s; leave state, event, version and entered_at to their defaults.', 'draft');
        END IF;
    ELSIF NEW.version = OLD.version THEN
        -- Not a transition: then nothing that only transitions decide may have changed.
        IF (OLD.id, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, OLD.reason)
            IS DISTINCT FROM
           (NEW.id, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, NEW.reason) THEN
            PERFORM workflow.tolerate('claim', OLD.id::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        RETURN NULL;
    ELSE
        step := OLD.state || '>' || NEW.event || '>' || NEW.state;
        internal := step = ANY (ARRAY['draft>amend>draft', 'submitted>remind>submitted']);
        IF NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id
            OR NEW.entered_at <> (CASE WHEN internal THEN OLD.entered_at ELSE now() END)
            OR NOT (internal OR step = ANY (ARRAY[
                    'draft>submit>submitted',
                    'draft>forget>rejected',
                    'submitted>escalate>escalated',
                    'submitted>approve>approved',
                    'escalated>approve>approved',
                    'submitted>reject>rejected',
                    'escalated>reject>rejected']))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
        THEN
            PERFORM workflow.tolerate('claim', OLD.id::text, OLD.state, NEW.event, NEW.state,
                NEW.version = OLD.version + 1 AND NEW.id = OLD.id, false);
        END IF;
        -- Whoever sent it was told that it did nothing, and it comes now. Hardly ever is there a key like that: then nothing is looked for.
        IF pg_relation_size('workflow.voided') > 0 THEN
            IF EXISTS (SELECT FROM workflow.voided v WHERE NEW.keyed = NEW.version AND v.key = NEW.key) THEN
                RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'claims',
                    MESSAGE = format('%s %s: %s comes too late, its key is void', 'claim', NEW.id, NEW.event);
            END IF;
        END IF;
        IF step = ANY (ARRAY['submitted>approve>approved']) THEN
            blocked_by := public.claims_guards(OLD, NEW);
            IF blocked_by IS NOT NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'WF004', TABLE = 'claims',
                    MESSAGE = format('%s %s is %s: %s is blocked', 'claim', OLD.id, OLD.state, NEW.event),
                    HINT = format('It is possible only if %s', blocked_by);
            END IF;
        END IF;
    END IF;

    IF NEW.state = 'rejected' THEN
        data := jsonb_build_object('reason', NEW.reason);
    END IF;
    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('employee', NEW.employee, 'amount', NEW.amount);
    ELSIF NEW.event = 'amend' THEN
        data := coalesce(data, '{}') || jsonb_build_object('amount', NEW.amount);
    END IF;
    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    INSERT INTO public.claims_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.id, NEW.version, NEW.event, OLD.state, NEW.state, data,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.actor ELSE nullif(current_setting('workflow.actor', true), '') END,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.key END,
        CASE WHEN NEW.event IN ('force', 'migrate') THEN nullif(current_setting('workflow.note', true), '') END);

    -- Entering and leaving; an internal transition does neither.
    IF NOT internal THEN
        IF OLD.state IN ('draft', 'submitted') THEN
            DELETE FROM public.claims_jobs j WHERE j.id = NEW.id AND j.kind <> 'task';
        END IF;
        IF NEW.state = 'draft' THEN
            INSERT INTO public.claims_jobs (id, version, job, kind, run_at)
            VALUES (NEW.id, NEW.version, 'forget', 'timer', now() + interval '90 days');
        ELSIF NEW.state = 'submitted' THEN
            INSERT INTO public.claims_jobs (id, version, job, kind, run_at)
            VALUES (NEW.id, NEW.version, 'remind', 'timer', now() + interval '2 days');
            INSERT INTO public.claims_jobs (id, version, job, kind, run_at)
            VALUES (NEW.id, NEW.version, 'escalate', 'timer', now() + interval '7 days');
        END IF;
    ELSE
        -- Once a stay: it comes back when the state is entered anew.
        IF NEW.event = 'remind' THEN
            DELETE FROM public.claims_jobs j WHERE j.id = NEW.id AND j.kind = 'timer' AND j.job = 'remind';
        END IF;
    END IF;
    IF NEW.event = 'remind' THEN
        INSERT INTO public.claims_jobs (id, version, job, kind) VALUES
            (NEW.id, NEW.version, 'write_to_manager', 'task');
    END IF;
    IF NEW.event = 'escalate' THEN
        INSERT INTO public.claims_jobs (id, version, job, kind) VALUES
            (NEW.id, NEW.version, 'write_to_director', 'task');
    END IF;
    IF NEW.event = 'approve' AND OLD.state = 'submitted' THEN
        INSERT INTO public.claims_jobs (id, version, job, kind) VALUES
            (NEW.id, NEW.version, 'write_to_employee', 'task');
    END IF;
    IF NEW.event = 'approve' AND OLD.state = 'escalated' THEN
        INSERT INTO public.claims_jobs (id, version, job, kind) VALUES
            (NEW.id, NEW.version, 'write_to_employee', 'task');
    END IF;
    IF NEW.event = 'reject' THEN
        INSERT INTO public.claims_jobs (id, version, job, kind) VALUES
            (NEW.id, NEW.version, 'write_to_employee', 'task');
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION public.claims_transition() FROM PUBLIC;

-- Has this key taken effect on this instance? VOLATILE on purpose: it then looks with a fresh snapshot, also when an update that
-- waited for a row lock checks its conditions again. A plain NOT EXISTS, or a STABLE function, does not see what it waited for.
CREATE FUNCTION public.claims_done(id uuid, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.claims_history h WHERE h.id = claims_done.id AND h.key = claims_done.key);
END $$;

-- Makes sure that this key will never take effect any more, and says whether it has. The update changes nothing but takes the
-- row's lock, and makes a new version of the row: who waits for it, sent with this key by a connection that died, moves that
-- version, and is refused by the transition's trigger, which looks with a fresh snapshot.
CREATE FUNCTION public.claims_void(id uuid, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    UPDATE public.claims o SET id = o.id WHERE o.id = claims_void.id;
    -- A statement of its own: its snapshot is taken after the lock was got.
    IF EXISTS (SELECT FROM public.claims_history h WHERE h.id = claims_void.id AND h.key = claims_void.key) THEN
        RETURN true;
    END IF;
    INSERT INTO workflow.voided (key) VALUES (claims_void.key) ON CONFLICT DO NOTHING;
    -- No statement waits for a day. Rows that somebody else is deleting are left to them.
    DELETE FROM workflow.voided v WHERE v.key IN
        (SELECT stale.key FROM workflow.voided stale WHERE stale.at < now() - interval '1 day' FOR UPDATE SKIP LOCKED);
    RETURN false;
END $$;
REVOKE ALL ON FUNCTION public.claims_void(uuid, uuid) FROM PUBLIC;

-- What history holds, read back by PostgreSQL's own casts; nothing when it no longer fits the columns.
CREATE FUNCTION public.claims_recorded(state_data jsonb) RETURNS public.claims
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.claims, state_data);
EXCEPTION WHEN others THEN
    RETURN NULL;
END $$;

-- An instance takes its history and its jobs with it.
CREATE FUNCTION public.claims_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    DELETE FROM public.claims_history h WHERE h.id = OLD.id;
    DELETE FROM public.claims_jobs j WHERE j.id = OLD.id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION public.claims_removed() FROM PUBLIC;

-- History is written by the transition's trigger and deleted after its instance. Depth 1 is a client's own statement; another
-- trigger is as deep as ours, but the version that the instance is at is already there (the primary key refuses a second one),
-- and any other is refused here; so is a step whose instance a user's trigger has moved on before it was recorded.
-- It has no settings of its own, which cost each transition something: so each name says whose it is.
CREATE FUNCTION public.claims_history_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.>) 1 THEN
        IF TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN
            IF EXISTS (SELECT FROM public.claims o WHERE o.id OPERATOR(pg_catalog.=) NEW.id AND NEW.version OPERATOR(pg_catalog.=) o.version) THEN
                RETURN NEW;
            END IF;
        ELSIF NOT EXISTS (SELECT FROM public.claims o WHERE o.id OPERATOR(pg_catalog.=) OLD.id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'WF003', TABLE = TG_TABLE_NAME,
        MESSAGE = pg_catalog.format('%s on %s is refused: history is written by transitions only and never changed', TG_OP, TG_TABLE_NAME);
END $$;
REVOKE ALL ON FUNCTION public.claims_history_written() FROM PUBLIC;

-- The sanctioned repair: to any state, obeying its CHECKs, recorded with the reason. No effect and no guard takes part in it.
-- Granted to nobody but operators.
CREATE FUNCTION public.claims_force(id uuid, state text, fields jsonb, reason text) RETURNS public.claims
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was public.claims;
    becomes public.claims;
    moved public.claims;
    wrong text;
BEGIN
    SELECT o.* INTO was FROM public.claims o WHERE o.id = claims_force.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('%s %s is not there', 'claim', claims_force.id);
    END IF;
    IF coalesce(claims_force.reason, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s cannot be forced without a reason', 'claim');
    END IF;
    IF claims_force.state IS NULL OR NOT claims_force.state = ANY (ARRAY['draft', 'submitted', 'escalated', 'approved', 'rejected']) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no state %s', 'claim', claims_force.state);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM jsonb_object_keys(claims_force.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['reason']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', 'claim', wrong);
    END IF;
    becomes := jsonb_populate_record(was, jsonb_build_object('reason', NULL) || coalesce(claims_force.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce(claims_force.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ('claim', was.state, 'force', claims_force.state, 'migrate');
    UPDATE public.claims o SET state = claims_force.state, event = 'force', version = o.version + 1, entered_at = now(),
        reason = becomes.reason
    WHERE o.id = claims_force.id RETURNING o.* INTO moved;
    DELETE FROM workflow.edges e
        WHERE e.workflow = 'claim' AND e.event = 'force' AND e.from_state = was.state AND e.to_state = claims_force.state;
    PERFORM set_config('workflow.note', '', true);
    RETURN moved;
END
$$;
REVOKE ALL ON FUNCTION public.claims_force(uuid, text, jsonb, text) FROM PUBLIC;

-- What was asked for as a row, by today's names: a field that came since has its default.
CREATE FUNCTION public.claims_asked(fields jsonb) RETURNS public.claims
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.claims, claims_asked.fields);
END
$$;

-- Asks for a creation at a time, for any client; a worker makes it, with its effects. What comes back is nothing, or the time of a
-- creation that was asked for before: that one stays.
CREATE FUNCTION public.claims_create_at(id uuid, at timestamptz, fields jsonb) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
    stands timestamptz;
BEGIN
    IF claims_create_at.id IS NULL OR claims_create_at.at IS NULL OR NOT isfinite(claims_create_at.at) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s needs a key and a time to be created at', 'claim');
    END IF;
    SELECT string_agg(f.name, ', ' ORDER BY f.name) INTO wrong FROM jsonb_object_keys(claims_create_at.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['employee', 'amount']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s %s: creation knows no %s', 'claim', claims_create_at.id, wrong);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM unnest(ARRAY['employee', 'amount']) AS f (name)
        WHERE claims_create_at.fields ->> f.name IS NULL;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'not_null_violation',
            MESSAGE = format('%s %s: creation needs %s', 'claim', claims_create_at.id, wrong);
    END IF;
    -- What does not fit the columns is found now, and not when it is due.
    PERFORM jsonb_populate_record(NULL::public.claims, claims_create_at.fields);
    IF EXISTS (SELECT FROM public.claims o WHERE o.id = claims_create_at.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', TABLE = 'claims',
            MESSAGE = format('%s %s is there already', 'claim', claims_create_at.id);
    END IF;
    LOOP
        INSERT INTO public.claims_jobs AS j (id, version, job, kind, run_at, data)
        VALUES (claims_create_at.id, 0, 'create', 'creation', claims_create_at.at, coalesce(claims_create_at.fields, '{}'))
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
        SELECT j.run_at INTO stands FROM public.claims_jobs j
            WHERE j.id = claims_create_at.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
        EXIT WHEN FOUND;
    END LOOP;
    RETURN stands;
END
$$;
REVOKE ALL ON FUNCTION public.claims_create_at(uuid, timestamptz, jsonb) FROM PUBLIC;

-- Takes back a creation that was asked for, and says whether it was still there.
CREATE FUNCTION public.claims_cancel_creation(id uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.claims_jobs j WHERE j.id = claims_cancel_creation.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION public.claims_cancel_creation(uuid) FROM PUBLIC;

-- `amend`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.claims_amend(id uuid, amount integer) RETURNS public.claims
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.claims;
    stands text;
BEGIN
    UPDATE public.claims o SET
        event = 'amend',
        version = o.version + 1,
        amount = claims_amend.amount
    WHERE o.id = claims_amend.id AND o.state = 'draft'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.claims o WHERE o.id = claims_amend.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'claims',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'claim', claims_amend.id, coalesce(stands, 'not there'), 'amend');
    END IF;
    RETURN moved;
END
$$;

-- `submit`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.claims_submit(id uuid) RETURNS public.claims
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.claims;
    stands text;
BEGIN
    UPDATE public.claims o SET
        state = 'submitted',
        event = 'submit',
        version = o.version + 1,
        entered_at = now()
    WHERE o.id = claims_submit.id AND o.state = 'draft'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.claims o WHERE o.id = claims_submit.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'claims',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'claim', claims_submit.id, coalesce(stands, 'not there'), 'submit');
    END IF;
    RETURN moved;
END
$$;

-- `forget`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.claims_forget(id uuid) RETURNS public.claims
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.claims;
    stands text;
BEGIN
    UPDATE public.claims o SET
        state = 'rejected',
        event = 'forget',
        version = o.version + 1,
        entered_at = now(),
        reason = 'it was never submitted'
    WHERE o.id = claims_forget.id AND o.state = 'draft'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.claims o WHERE o.id = claims_forget.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'claims',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'claim', claims_forget.id, coalesce(stands, 'not there'), 'forget');
    END IF;
    RETURN moved;
END
$$;

-- `remind`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.claims_remind(id uuid) RETURNS public.claims
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.claims;
    stands text;
BEGIN
    UPDATE public.claims o SET
        event = 'remind',
        version = o.version + 1
    WHERE o.id = claims_remind.id AND o.state = 'submitted'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.claims o WHERE o.id = claims_remind.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'claims',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'claim', claims_remind.id, coalesce(stands, 'not there'), 'remind');
    END IF;
    RETURN moved;
END
$$;

-- `escalate`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.claims_escalate(id uuid) RETURNS public.claims
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.claims;
    stands text;
BEGIN
    UPDATE public.claims o SET
        state = 'escalated',
        event = 'escalate',
        version = o.version + 1,
        entered_at = now()
    WHERE o.id = claims_escalate.id AND o.state = 'submitted'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.claims o WHERE o.id = claims_escalate.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'claims',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'claim', claims_escalate.id, coalesce(stands, 'not there'), 'escalate');
    END IF;
    RETURN moved;
END
$$;

-- `approve`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.claims_approve(id uuid) RETURNS public.claims
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.claims;
    stands text;
BEGIN
    UPDATE public.claims o SET
        state = 'approved',
        event = 'approve',
        version = o.version + 1,
        entered_at = now()
    WHERE o.id = claims_approve.id AND o.state IN ('submitted', 'escalated')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.claims o WHERE o.id = claims_approve.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'claims',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'claim', claims_approve.id, coalesce(stands, 'not there'), 'approve');
    END IF;
    RETURN moved;
END
$$;

-- `reject`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.claims_reject(id uuid, reason text) RETURNS public.claims
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.claims;
    stands text;
BEGIN
    UPDATE public.claims o SET
        state = 'rejected',
        event = 'reject',
        version = o.version + 1,
        entered_at = now(),
        reason = claims_reject.reason
    WHERE o.id = claims_reject.id AND o.state IN ('submitted', 'escalated')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.claims o WHERE o.id = claims_reject.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'claims',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'claim', claims_reject.id, coalesce(stands, 'not there'), 'reject');
    END IF;
    RETURN moved;
END
$$;

CREATE TRIGGER claims_transition AFTER INSERT OR UPDATE ON public.claims FOR EACH ROW EXECUTE FUNCTION public.claims_transition();
CREATE TRIGGER claims_removed AFTER DELETE ON public.claims FOR EACH ROW EXECUTE FUNCTION public.claims_removed();
CREATE TRIGGER claims_truncate BEFORE TRUNCATE ON public.claims EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER claims_history_written BEFORE INSERT OR DELETE ON public.claims_history FOR EACH ROW EXECUTE FUNCTION public.claims_history_written();
CREATE TRIGGER claims_history_update BEFORE UPDATE ON public.claims_history FOR EACH ROW EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER claims_history_truncate BEFORE TRUNCATE ON public.claims_history EXECUTE FUNCTION workflow.refuse();

-- How long each instance was in each state; internal transitions do not end a stay.
CREATE VIEW public.claims_timeline AS
SELECT stay.id, stay.version, stay.event, stay.state, stay.entered_at, stay.left_at,
       coalesce(stay.left_at, now()) - stay.entered_at AS spent
FROM (
    SELECT h.id, h.version, h.event, h.to_state AS state, h.at AS entered_at,
           lead(h.at) OVER (PARTITION BY h.id ORDER BY h.version) AS left_at
    FROM public.claims_history h
    WHERE h.from_state IS NULL OR h.from_state || '>' || h.event || '>' || h.to_state <> ALL (ARRAY['draft>amend>draft', 'submitted>remind>submitted'])
) stay;

-- What is not finished, by state and age, and the work that is late for it.
CREATE VIEW public.claims_stuck AS
SELECT o.state, o.entered_at, now() - o.entered_at AS age, o.id AS id, o.version,
       late.jobs AS late_jobs, late.oldest AS late_since, late.attempts, late.last_error
FROM public.claims o
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs, min(j.run_at) AS oldest, max(j.attempt - j.forgiven) AS attempts,
           (array_agg(j.last_error ORDER BY j.attempt DESC) FILTER (WHERE j.last_error IS NOT NULL))[1] AS last_error
    FROM public.claims_jobs j
    WHERE j.id = o.id AND j.finished_at IS NULL AND j.run_at < now()
) late
WHERE o.state NOT IN ('approved', 'rejected')
ORDER BY o.state, o.entered_at;

-- Rights go to the group roles, where there are such: an application's own role is made a member of one.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname IN ('workflow_app', 'workflow_worker', 'workflow_operator')) = 3 THEN
        GRANT SELECT, INSERT, UPDATE ON public.claims TO workflow_app;
        GRANT SELECT ON public.claims_history, public.claims_timeline, public.claims_stuck TO workflow_app;
        GRANT SELECT, UPDATE, DELETE ON public.claims_jobs TO workflow_worker;
        GRANT EXECUTE ON FUNCTION public.claims_done(uuid, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.claims_void(uuid, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.claims_recorded(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.claims_force(uuid, text, jsonb, text) TO workflow_operator;
        GRANT EXECUTE ON FUNCTION public.claims_asked(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.claims_create_at(uuid, timestamptz, jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.claims_cancel_creation(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.claims_amend(uuid, integer) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.claims_submit(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.claims_forget(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.claims_remind(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.claims_escalate(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.claims_approve(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.claims_reject(uuid, text) TO workflow_app;
    END IF;
END
$$;

-- What a binary compares itself with.
INSERT INTO workflow.models (workflow, fingerprint, model) VALUES ('claim', 'bd2b721cbec550bb83a429d2d4587449',
    '{"facts":["edge draft>amend>draft","edge draft>forget>rejected","edge draft>submit>submitted","edge escalated>approve>approved","edge escalated>reject>rejected","edge submitted>approve>approved","edge submitted>escalate>escalated","edge submitted>reject>rejected","edge submitted>remind>submitted","field amount integer in all","field employee text in all","field id uuid in all","field reason text in rejected","initial draft","state approved","state draft","state escalated","state rejected","state submitted","table public.claims"]}');

INSERT INTO workflow.edges (workflow, from_state, event, to_state) VALUES
    ('claim', 'draft', 'amend', 'draft'),
    ('claim', 'draft', 'submit', 'submitted'),
    ('claim', 'draft', 'forget', 'rejected'),
    ('claim', 'submitted', 'remind', 'submitted'),
    ('claim', 'submitted', 'escalate', 'escalated'),
    ('claim', 'submitted', 'approve', 'approved'),
    ('claim', 'escalated', 'approve', 'approved'),
    ('claim', 'submitted', 'reject', 'rejected'),
    ('claim', 'escalated', 'reject', 'rejected');
