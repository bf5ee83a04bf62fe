-- The `it's 100% a parcel` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

CREATE TABLE "Sales"."user" (
    "Code" text PRIMARY KEY,
    sku text NOT NULL,
    weight numeric(12,2) NOT NULL,
    due timestamptz,
    parts integer NOT NULL,
    "order" text[] NOT NULL,
    state text NOT NULL DEFAULT 'open',
    event text NOT NULL DEFAULT 'create',
    version bigint NOT NULL DEFAULT 1,
    entered_at timestamptz NOT NULL DEFAULT now(),
    -- Who made the last transition, under which key; they speak of version `keyed`, and of nothing else.
    actor text,
    key uuid,
    keyed bigint,
    note text,
    slip text,
    raw json,
    until timestamptz,
    why text,
    blob bytea,
    CONSTRAINT user_state_1 CHECK (state IN ('open', 'Sealed & shut', 'waiting', 'lost', 'gone')),
    CONSTRAINT user_note_1 CHECK (state = ANY ('{open,waiting}') OR note IS NULL),
    CONSTRAINT user_slip_1 CHECK ((slip IS NOT NULL) = (state = 'Sealed & shut')),
    CONSTRAINT user_raw_1 CHECK ((raw IS NOT NULL) = (state = 'Sealed & shut')),
    CONSTRAINT user_until_1 CHECK ((until IS NOT NULL) = (state = 'waiting')),
    CONSTRAINT user_why_1 CHECK ((why IS NOT NULL) = (state = 'lost')),
    CONSTRAINT user_blob_1 CHECK ((blob IS NOT NULL) = (state = 'lost')),
    CONSTRAINT user_due_range_1 CHECK (isfinite(due) AND due < '262143-01-01'),
    CONSTRAINT user_until_range_1 CHECK (isfinite(until) AND until < '262143-01-01'),
    CONSTRAINT user_sku_key UNIQUE (sku)
) WITH (fillfactor = 80);

CREATE TABLE "Sales".user_history (
    id text NOT NULL,
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
CREATE UNIQUE INDEX user_history_by_key ON "Sales".user_history (id, key) WHERE key IS NOT NULL;

-- `run_at` is schedule, lease and back-off in one; `version` is the one at which the state was entered.
CREATE TABLE "Sales".user_jobs (
    id text NOT NULL,
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
CREATE INDEX user_jobs_due ON "Sales".user_jobs (kind, job, run_at) WHERE finished_at IS NULL;

CREATE UNIQUE INDEX user_slip_key ON "Sales"."user" (slip) WHERE slip IS NOT NULL;

-- The guards: the text of the one that is in the way of a transition, or nothing. Bare names of columns mean the row before.
CREATE FUNCTION "Sales".user_guards(old "Sales"."user", new "Sales"."user") RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, "Sales", pg_temp SET enable_seqscan = on AS $$
#variable_conflict use_column
DECLARE
    workflow_holds boolean;
BEGIN
    IF new.event = 'seal' AND old.state = 'open' THEN
        SELECT (parts > 0 AND weight < 100 -- in grams
            ) INTO workflow_holds FROM (SELECT (old).*) AS "user";
        IF workflow_holds IS NOT TRUE THEN
            RETURN 'parts > 0 AND weight < 100 -- in grams';
        END IF;
    END IF;
    IF new.event = 'weigh' AND old.state IN ('open', 'Sealed & shut', 'waiting') THEN
        SELECT (NEW.weight >= weight -- in grams
            ) INTO workflow_holds FROM (SELECT (old).*) AS "user";
        IF workflow_holds IS NOT TRUE THEN
            RETURN 'NEW.weight >= weight -- in grams';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION "Sales".user_guards("Sales"."user", "Sales"."user") FROM PUBLIC;

-- The effects. A statement that touches no row is a fault unless `maybe` is written: an unknown name must not take nothing.
CREATE FUNCTION "Sales".user_effects(old "Sales"."user", new "Sales"."user") RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, "Sales", pg_temp SET enable_seqscan = on AS $body$
#variable_conflict use_column
DECLARE
    workflow_touched bigint;
BEGIN
    IF new.event = 'create' THEN
        INSERT INTO ledger (code, what) VALUES (NEW."Code", 'made; not moved');
        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = 'user',
                MESSAGE = format('%s %s: the effect of %s touched no row', 'it''s 100% a parcel', new."Code", new.event),
                DETAIL = 'INSERT INTO ledger (code, what) VALUES (NEW."Code", ''made; not moved'')', HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
    END IF;
    IF new.event = 'seal' THEN
        UPDATE stock SET on_hand = on_hand - NEW.parts WHERE sku = NEW.sku;
        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = 'user',
                MESSAGE = format('%s %s: the effect of %s touched no row', 'it''s 100% a parcel', new."Code", new.event),
                DETAIL = 'UPDATE stock SET on_hand = on_hand - NEW.parts WHERE sku = NEW.sku', HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
        INSERT INTO ledger (code, what) VALUES (OLD."Code", $$it's sealed$$) -- done
        ;
        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = 'user',
                MESSAGE = format('%s %s: the effect of %s touched no row', 'it''s 100% a parcel', new."Code", new.event),
                DETAIL = 'INSERT INTO ledger (code, what) VALUES (OLD."Code", $$it''s sealed$$) -- done', HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
    END IF;
    IF new.event = 'carried' THEN
        DELETE FROM ledger WHERE code = NEW."Code";
    END IF;
    IF new.event = 'twist' THEN
        PERFORM user_wait(NEW."Code", now());
    END IF;
END
$body$;
REVOKE ALL ON FUNCTION "Sales".user_effects("Sales"."user", "Sales"."user") FROM PUBLIC;

-- Every insert and update passes here, after all BEFORE triggers: guard, history, jobs, and last the `with sql` effects.
-- The edges stand in the body because a plan is cached there; a WHEN clause is prepared anew by each statement.
CREATE FUNCTION "Sales".user_transition() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    -- A plan that is made while there are no jobs would read them all as long as its connection lives.
    SET enable_seqscan = off
    -- A client's own settings must not decide what is recorded, or what counts as unchanged.
    SET extra_float_digits = 1 SET DateStyle = ISO SET bytea_output = hex
AS $$
#variable_conflict use_column
DECLARE
    step text;
    data jsonb;
    internal boolean := false;
    effectless boolean;
    blocked_by text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' OR NEW.event <> 'create' OR NEW.version <> 1 OR NEW.entered_at <> now() OR NEW.keyed <> 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF002', TABLE = 'user',
                MESSAGE = format('%s %s cannot start in state %s, event %s, version %s',
                                 'it''s 100% a parcel', NEW."Code", NEW.state, NEW.event, NEW.version),
                HINT = format('It starts in %s; leave state, event, version and entered_at to their defaults.', 'open');
        END IF;
        step := 'create';
    ELSIF NEW.version = OLD.version THEN
        -- Not a transition: then nothing that only transitions decide may have changed.
        IF (OLD."Code", OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, OLD.note, OLD.slip, OLD.raw::text, OLD.until, OLD.why, OLD.blob)
            IS DISTINCT FROM
           (NEW."Code", NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, NEW.note, NEW.slip, NEW.raw::text, NEW.until, NEW.why, NEW.blob) THEN
            PERFORM workflow.tolerate('it''s 100% a parcel', OLD."Code"::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        -- A timer follows its field; its identity and its attempts stay, so that a worker that holds it is still told apart.
        IF NEW.due IS DISTINCT FROM OLD.due AND NEW.state IN ('open', 'Sealed & shut') THEN
            IF NEW.due IS NULL THEN
                DELETE FROM "Sales".user_jobs j WHERE j.id = NEW."Code" AND j.kind = 'timer' AND j.job = 'overdue';
            ELSE
                UPDATE "Sales".user_jobs j SET run_at = NEW.due WHERE j.id = NEW."Code" AND j.kind = 'timer' AND j.job = 'overdue';
                IF NOT FOUND THEN
                    INSERT INTO "Sales".user_jobs (id, version, job, kind, run_at)
                    VALUES (NEW."Code", NEW.version, 'overdue', 'timer', NEW.due);
                END IF;
            END IF;
        END IF;
        RETURN NULL;
    ELSE
        step := OLD.state || '>' || NEW.event || '>' || NEW.state;
        internal := step = ANY (ARRAY[
            'open>nudge>open',
            'Sealed & shut>nudge>Sealed & shut',
            'open>weigh>open',
            'Sealed & shut>weigh>Sealed & shut',
            'waiting>weigh>waiting',
            'open>plan>open',
            'Sealed & shut>plan>Sealed & shut',
            'waiting>plan>waiting',
            'open>overdue>open',
            'Sealed & shut>overdue>Sealed & shut',
            'Sealed & shut>scanned>Sealed & shut']);
        -- A transition with an effect in the application is fired there: the runtime marks it by its key.
        effectless := NEW.keyed IS DISTINCT FROM NEW.version AND step = ANY (ARRAY['open>lose>lost']);
        IF NEW.version <> OLD.version + 1 OR NEW."Code" <> OLD."Code"
            OR NEW.entered_at <> (CASE WHEN internal THEN OLD.entered_at ELSE now() END)
            OR NOT (internal OR step = ANY (ARRAY[
                    'open>seal>Sealed & shut',
                    'open>wait>waiting',
                    'waiting>wait>waiting',
                    'waiting>resume>open',
                    'open>lose>lost',
                    'Sealed & shut>lose>lost',
                    'waiting>lose>lost',
                    'Sealed & shut>carried>gone',
                    'Sealed & shut>refused>open',
                    'Sealed & shut>give_up>lost',
                    'open>twist>open']))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
            OR effectless
        THEN
            PERFORM workflow.tolerate('it''s 100% a parcel', OLD."Code"::text, OLD.state, NEW.event, NEW.state,
                NEW.version = OLD.version + 1 AND NEW."Code" = OLD."Code", effectless);
        END IF;
        -- Whoever sent it was told that it did nothing, and it comes now. Hardly ever is there a key like that: then nothing is looked for.
        IF pg_relation_size('workflow.voided') > 0 THEN
            IF EXISTS (SELECT FROM workflow.voided v WHERE NEW.keyed = NEW.version AND v.key = NEW.key) THEN
                RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
                    MESSAGE = format('%s %s: %s comes too late, its key is void', 'it''s 100% a parcel', NEW."Code", NEW.event);
            END IF;
        END IF;
        IF step = ANY (ARRAY[
            'open>seal>Sealed & shut',
            'open>weigh>open',
            'Sealed & shut>weigh>Sealed & shut',
            'waiting>weigh>waiting']) THEN
            blocked_by := "Sales".user_guards(OLD, NEW);
            IF blocked_by IS NOT NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'WF004', TABLE = 'user',
                    MESSAGE = format('%s %s is %s: %s is blocked', 'it''s 100% a parcel', OLD."Code", OLD.state, NEW.event),
                    HINT = format('It is possible only if %s', blocked_by);
            END IF;
        END IF;
    END IF;

    IF NEW.state = 'open' THEN
        data := jsonb_build_object('note', NEW.note);
    ELSIF NEW.state = 'Sealed & shut' THEN
        data := jsonb_build_object('slip', NEW.slip, 'raw', NEW.raw);
    ELSIF NEW.state = 'waiting' THEN
        data := jsonb_build_object('note', NEW.note, 'until', NEW.until);
    ELSIF NEW.state = 'lost' THEN
        data := jsonb_build_object('why', NEW.why, 'blob', NEW.blob);
    END IF;
    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('sku', NEW.sku, 'weight', NEW.weight, 'due', NEW.due, 'parts', NEW.parts, 'order', NEW."order");
    ELSIF NEW.event = 'weigh' THEN
        data := coalesce(data, '{}') || jsonb_build_object('weight', NEW.weight, 'parts', NEW.parts);
    ELSIF NEW.event = 'plan' THEN
        data := coalesce(data, '{}') || jsonb_build_object('due', NEW.due);
    END IF;
    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    INSERT INTO "Sales".user_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW."Code", NEW.version, NEW.event, OLD.state, NEW.state, data,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.actor ELSE nullif(current_setting('workflow.actor', true), '') END,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.key END,
        CASE WHEN NEW.event IN ('force', 'migrate') THEN nullif(current_setting('workflow.note', true), '') END);

    -- Entering and leaving; an internal transition does neither.
    IF NOT internal THEN
        IF OLD.state IN ('open', 'Sealed & shut', 'waiting') THEN
            DELETE FROM "Sales".user_jobs j WHERE j.id = NEW."Code" AND j.kind <> 'task';
        END IF;
        IF NEW.state = 'open' THEN
            INSERT INTO "Sales".user_jobs (id, version, job, kind, run_at)
            VALUES (NEW."Code", NEW.version, 'nudge', 'timer', now() + interval '2 days');
            IF NEW.due IS NOT NULL THEN
                INSERT INTO "Sales".user_jobs (id, version, job, kind, run_at)
                VALUES (NEW."Code", NEW.version, 'overdue', 'timer', NEW.due);
            END IF;
        ELSIF NEW.state = 'Sealed & shut' THEN
            INSERT INTO "Sales".user_jobs (id, version, job, kind, run_at)
            VALUES (NEW."Code", NEW.version, 'nudge', 'timer', now() + interval '2 days');
            IF NEW.due IS NOT NULL THEN
                INSERT INTO "Sales".user_jobs (id, version, job, kind, run_at)
                VALUES (NEW."Code", NEW.version, 'overdue', 'timer', NEW.due);
            END IF;
            INSERT INTO "Sales".user_jobs (id, version, job, kind) VALUES (NEW."Code", NEW.version, 'scan', 'activity');
            INSERT INTO "Sales".user_jobs (id, version, job, kind) VALUES (NEW."Code", NEW.version, 'carry', 'activity');
        ELSIF NEW.state = 'waiting' THEN
            IF NEW.until IS NOT NULL THEN
                INSERT INTO "Sales".user_jobs (id, version, job, kind, run_at)
                VALUES (NEW."Code", NEW.version, 'resume', 'timer', NEW.until);
            END IF;
        END IF;
    ELSE
        -- Once a stay: it comes back when the state is entered anew.
        IF NEW.event = 'nudge' THEN
            DELETE FROM "Sales".user_jobs j WHERE j.id = NEW."Code" AND j.kind = 'timer' AND j.job = 'nudge';
        END IF;
        -- Once a stay: it comes back when the state is entered anew.
        IF NEW.event = 'overdue' THEN
            DELETE FROM "Sales".user_jobs j WHERE j.id = NEW."Code" AND j.kind = 'timer' AND j.job = 'overdue';
        END IF;
        -- Once a stay: it comes back when the state is entered anew.
        IF NEW.event = 'scanned' THEN
            DELETE FROM "Sales".user_jobs j WHERE j.id = NEW."Code" AND j.kind = 'activity' AND j.job = 'scan';
        END IF;
        -- A timer follows its field; its identity and its attempts stay, so that a worker that holds it is still told apart.
        IF NEW.until IS DISTINCT FROM OLD.until AND NEW.state = 'waiting' THEN
            IF NEW.until IS NULL THEN
                DELETE FROM "Sales".user_jobs j WHERE j.id = NEW."Code" AND j.kind = 'timer' AND j.job = 'resume';
            ELSE
                UPDATE "Sales".user_jobs j SET run_at = NEW.until WHERE j.id = NEW."Code" AND j.kind = 'timer' AND j.job = 'resume';
                IF NOT FOUND THEN
                    INSERT INTO "Sales".user_jobs (id, version, job, kind, run_at)
                    VALUES (NEW."Code", NEW.version, 'resume', 'timer', NEW.until);
                END IF;
            END IF;
        END IF;
        -- A timer follows its field; its identity and its attempts stay, so that a worker that holds it is still told apart.
        IF NEW.due IS DISTINCT FROM OLD.due AND NEW.state IN ('open', 'Sealed & shut') THEN
            IF NEW.due IS NULL THEN
                DELETE FROM "Sales".user_jobs j WHERE j.id = NEW."Code" AND j.kind = 'timer' AND j.job = 'overdue';
            ELSE
                UPDATE "Sales".user_jobs j SET run_at = NEW.due WHERE j.id = NEW."Code" AND j.kind = 'timer' AND j.job = 'overdue';
                IF NOT FOUND THEN
                    INSERT INTO "Sales".user_jobs (id, version, job, kind, run_at)
                    VALUES (NEW."Code", NEW.version, 'overdue', 'timer', NEW.due);
                END IF;
            END IF;
        END IF;
    END IF;
    IF NEW.event = 'create' THEN
        INSERT INTO "Sales".user_jobs (id, version, job, kind) VALUES
            (NEW."Code", NEW.version, 'greet', 'task');
    END IF;
    IF NEW.event = 'wait' AND OLD.state = 'open' THEN
        INSERT INTO "Sales".user_jobs (id, version, job, kind) VALUES
            (NEW."Code", NEW.version, 'tell', 'task'),
            (NEW."Code", NEW.version, 'count', 'task');
    END IF;
    IF NEW.event = 'overdue' THEN
        INSERT INTO "Sales".user_jobs (id, version, job, kind) VALUES
            (NEW."Code", NEW.version, 'tell', 'task');
    END IF;

    IF step = ANY (ARRAY[
        'create',
        'open>seal>Sealed & shut',
        'Sealed & shut>carried>gone',
        'open>twist>open']) THEN
        PERFORM "Sales".user_effects(OLD, NEW);
        -- An effect may move other instances, never its own: what the transition returned would not be true any more.
        IF (SELECT o.version FROM "Sales"."user" o WHERE o."Code" = NEW."Code") IS DISTINCT FROM NEW.version THEN
            RAISE EXCEPTION USING ERRCODE = 'WF006', TABLE = 'user',
                MESSAGE = format('%s %s: the effect of %s moved its own instance', 'it''s 100% a parcel', NEW."Code", NEW.event);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION "Sales".user_transition() FROM PUBLIC;

-- Has this key taken effect on this instance? VOLATILE on purpose: it then looks with a fresh snapshot, also when an update that
-- waited for a row lock checks its conditions again. A plain NOT EXISTS, or a STABLE function, does not see what it waited for.
CREATE FUNCTION "Sales".user_done(id text, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RETURN EXISTS (SELECT FROM "Sales".user_history h WHERE h.id = user_done.id AND h.key = user_done.key);
END $$;

-- Makes sure that this key will never take effect any more, and says whether it has. The update changes nothing but takes the
-- row's lock, and makes a new version of the row: who waits for it, sent with this key by a connection that died, moves that
-- version, and is refused by the transition's trigger, which looks with a fresh snapshot.
CREATE FUNCTION "Sales".user_void(id text, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    UPDATE "Sales"."user" o SET "Code" = o."Code" WHERE o."Code" = user_void.id;
    -- A statement of its own: its snapshot is taken after the lock was got.
    IF EXISTS (SELECT FROM "Sales".user_history h WHERE h.id = user_void.id AND h.key = user_void.key) THEN
        RETURN true;
    END IF;
    INSERT INTO workflow.voided (key) VALUES (user_void.key) ON CONFLICT DO NOTHING;
    -- No statement waits for a day. Rows that somebody else is deleting are left to them.
    DELETE FROM workflow.voided v WHERE v.key IN
        (SELECT stale.key FROM workflow.voided stale WHERE stale.at < now() - interval '1 day' FOR UPDATE SKIP LOCKED);
    RETURN false;
END $$;
REVOKE ALL ON FUNCTION "Sales".user_void(text, uuid) FROM PUBLIC;

-- What history holds, read back by PostgreSQL's own casts; nothing when it no longer fits the columns.
CREATE FUNCTION "Sales".user_recorded(state_data jsonb) RETURNS "Sales"."user"
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::"Sales"."user", state_data);
EXCEPTION WHEN others THEN
    RETURN NULL;
END $$;

-- An instance takes its history and its jobs with it.
CREATE FUNCTION "Sales".user_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    DELETE FROM "Sales".user_history h WHERE h.id = OLD."Code";
    DELETE FROM "Sales".user_jobs j WHERE j.id = OLD."Code";
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION "Sales".user_removed() FROM PUBLIC;

-- History is written by the transition's trigger and deleted after its instance. Depth 1 is a client's own statement; another
-- trigger is as deep as ours, but the version that the instance is at is already there (the primary key refuses a second one),
-- and any other is refused here; so is a step whose instance a user's trigger has moved on before it was recorded.
-- It has no settings of its own, which cost each transition something: so each name says whose it is.
CREATE FUNCTION "Sales".user_history_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.>) 1 THEN
        IF TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN
            IF EXISTS (SELECT FROM "Sales"."user" o WHERE o."Code" OPERATOR(pg_catalog.=) NEW.id AND NEW.version OPERATOR(pg_catalog.=) o.version) THEN
                RETURN NEW;
            END IF;
        ELSIF NOT EXISTS (SELECT FROM "Sales"."user" o WHERE o."Code" OPERATOR(pg_catalog.=) OLD.id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'WF003', TABLE = TG_TABLE_NAME,
        MESSAGE = pg_catalog.format('%s on %s is refused: history is written by transitions only and never changed', TG_OP, TG_TABLE_NAME);
END $$;
REVOKE ALL ON FUNCTION "Sales".user_history_written() FROM PUBLIC;

-- The sanctioned repair: to any state, obeying its CHECKs, recorded with the reason. No effect and no guard takes part in it.
-- Granted to nobody but operators.
CREATE FUNCTION "Sales".user_force(id text, state text, fields jsonb, reason text) RETURNS "Sales"."user"
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was "Sales"."user";
    becomes "Sales"."user";
    moved "Sales"."user";
    wrong text;
BEGIN
    SELECT o.* INTO was FROM "Sales"."user" o WHERE o."Code" = user_force.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('%s %s is not there', 'it''s 100% a parcel', user_force.id);
    END IF;
    IF coalesce(user_force.reason, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s cannot be forced without a reason', 'it''s 100% a parcel');
    END IF;
    IF user_force.state IS NULL OR NOT user_force.state = ANY (ARRAY['open', 'Sealed & shut', 'waiting', 'lost', 'gone']) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no state %s', 'it''s 100% a parcel', user_force.state);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM jsonb_object_keys(user_force.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['note', 'slip', 'raw', 'until', 'why', 'blob']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', 'it''s 100% a parcel', wrong);
    END IF;
    becomes := jsonb_populate_record(was, jsonb_build_object('note', NULL, 'slip', NULL, 'raw', NULL, 'until', NULL, 'why', NULL, 'blob', NULL) || coalesce(user_force.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce(user_force.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ('it''s 100% a parcel', was.state, 'force', user_force.state, 'migrate');
    UPDATE "Sales"."user" o SET state = user_force.state, event = 'force', version = o.version + 1, entered_at = now(),
        note = becomes.note,
        slip = becomes.slip,
        raw = becomes.raw,
        until = becomes.until,
        why = becomes.why,
        blob = becomes.blob
    WHERE o."Code" = user_force.id RETURNING o.* INTO moved;
    DELETE FROM workflow.edges e
        WHERE e.workflow = 'it''s 100% a parcel' AND e.event = 'force' AND e.from_state = was.state AND e.to_state = user_force.state;
    PERFORM set_config('workflow.note', '', true);
    RETURN moved;
END
$$;
REVOKE ALL ON FUNCTION "Sales".user_force(text, text, jsonb, text) FROM PUBLIC;

-- What was asked for as a row, by today's names: a field that came since has its default.
CREATE FUNCTION "Sales".user_asked(fields jsonb) RETURNS "Sales"."user"
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::"Sales"."user", user_asked.fields);
END
$$;

-- Asks for a creation at a time, for any client; a worker makes it, with its effects. What comes back is nothing, or the time of a
-- creation that was asked for before: that one stays.
CREATE FUNCTION "Sales".user_create_at(id text, at timestamptz, fields jsonb) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
    stands timestamptz;
BEGIN
    IF user_create_at.id IS NULL OR user_create_at.at IS NULL OR NOT isfinite(user_create_at.at) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s needs a key and a time to be created at', 'it''s 100% a parcel');
    END IF;
    SELECT string_agg(f.name, ', ' ORDER BY f.name) INTO wrong FROM jsonb_object_keys(user_create_at.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['sku', 'weight', 'due', 'parts', 'order', 'note']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s %s: creation knows no %s', 'it''s 100% a parcel', user_create_at.id, wrong);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM unnest(ARRAY['sku', 'weight', 'parts', 'order']) AS f (name)
        WHERE user_create_at.fields ->> f.name IS NULL;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'not_null_violation',
            MESSAGE = format('%s %s: creation needs %s', 'it''s 100% a parcel', user_create_at.id, wrong);
    END IF;
    -- What does not fit the columns is found now, and not when it is due.
    PERFORM jsonb_populate_record(NULL::"Sales"."user", user_create_at.fields);
    IF EXISTS (SELECT FROM "Sales"."user" o WHERE o."Code" = user_create_at.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', TABLE = 'user',
            MESSAGE = format('%s %s is there already', 'it''s 100% a parcel', user_create_at.id);
    END IF;
    LOOP
        INSERT INTO "Sales".user_jobs AS j (id, version, job, kind, run_at, data)
        VALUES (user_create_at.id, 0, 'create', 'creation', user_create_at.at, coalesce(user_create_at.fields, '{}'))
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
        SELECT j.run_at INTO stands FROM "Sales".user_jobs j
            WHERE j.id = user_create_at.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
        EXIT WHEN FOUND;
    END LOOP;
    RETURN stands;
END
$$;
REVOKE ALL ON FUNCTION "Sales".user_create_at(text, timestamptz, jsonb) FROM PUBLIC;

-- Takes back a creation that was asked for, and says whether it was still there.
CREATE FUNCTION "Sales".user_cancel_creation(id text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM "Sales".user_jobs j WHERE j.id = user_cancel_creation.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION "Sales".user_cancel_creation(text) FROM PUBLIC;

-- `seal`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_seal("Code" text, slip text, raw json) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        state = 'Sealed & shut',
        event = 'seal',
        version = o.version + 1,
        entered_at = now(),
        note = NULL,
        slip = user_seal.slip,
        raw = user_seal.raw
    WHERE o."Code" = user_seal."Code" AND o.state = 'open'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_seal."Code";
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_seal."Code", coalesce(stands, 'not there'), 'seal');
    END IF;
    RETURN moved;
END
$$;

-- `wait`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_wait("Code" text, until timestamptz) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        state = 'waiting',
        event = 'wait',
        version = o.version + 1,
        entered_at = now(),
        until = user_wait.until
    WHERE o."Code" = user_wait."Code" AND o.state IN ('open', 'waiting')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_wait."Code";
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_wait."Code", coalesce(stands, 'not there'), 'wait');
    END IF;
    RETURN moved;
END
$$;

-- `resume`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_resume("Code" text) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        state = 'open',
        event = 'resume',
        version = o.version + 1,
        entered_at = now(),
        until = NULL
    WHERE o."Code" = user_resume."Code" AND o.state = 'waiting'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_resume."Code";
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_resume."Code", coalesce(stands, 'not there'), 'resume');
    END IF;
    RETURN moved;
END
$$;

-- `lose`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_lose("Code" text) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        state = 'lost',
        event = 'lose',
        version = o.version + 1,
        entered_at = now(),
        note = NULL,
        slip = NULL,
        raw = NULL,
        until = NULL,
        why = 'on the way',
        blob = decode('00ff', 'hex')
    WHERE o."Code" = user_lose."Code" AND o.state IN ('Sealed & shut', 'waiting')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_lose."Code";
        IF stands = 'open' THEN
            RAISE EXCEPTION USING ERRCODE = 'WF005', TABLE = 'user',
                MESSAGE = format('%s %s is %s: %s has an effect in the application there and must be fired there',
                                 'it''s 100% a parcel', user_lose."Code", stands, 'lose');
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_lose."Code", coalesce(stands, 'not there'), 'lose');
    END IF;
    RETURN moved;
END
$$;

-- `nudge`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_nudge("Code" text) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        event = 'nudge',
        version = o.version + 1
    WHERE o."Code" = user_nudge."Code" AND o.state IN ('open', 'Sealed & shut')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_nudge."Code";
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_nudge."Code", coalesce(stands, 'not there'), 'nudge');
    END IF;
    RETURN moved;
END
$$;

-- `weigh`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_weigh("Code" text, weight numeric(12,2), parts integer) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        event = 'weigh',
        version = o.version + 1,
        weight = user_weigh.weight,
        parts = user_weigh.parts
    WHERE o."Code" = user_weigh."Code" AND o.state IN ('open', 'Sealed & shut', 'waiting')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_weigh."Code";
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_weigh."Code", coalesce(stands, 'not there'), 'weigh');
    END IF;
    RETURN moved;
END
$$;

-- `plan`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_plan("Code" text, due timestamptz) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        event = 'plan',
        version = o.version + 1,
        due = user_plan.due
    WHERE o."Code" = user_plan."Code" AND o.state IN ('open', 'Sealed & shut', 'waiting')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_plan."Code";
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_plan."Code", coalesce(stands, 'not there'), 'plan');
    END IF;
    RETURN moved;
END
$$;

-- `overdue`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_overdue("Code" text) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        event = 'overdue',
        version = o.version + 1
    WHERE o."Code" = user_overdue."Code" AND o.state IN ('open', 'Sealed & shut')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_overdue."Code";
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_overdue."Code", coalesce(stands, 'not there'), 'overdue');
    END IF;
    RETURN moved;
END
$$;

-- `scanned`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_scanned("Code" text) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        event = 'scanned',
        version = o.version + 1
    WHERE o."Code" = user_scanned."Code" AND o.state = 'Sealed & shut'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_scanned."Code";
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_scanned."Code", coalesce(stands, 'not there'), 'scanned');
    END IF;
    RETURN moved;
END
$$;

-- `carried`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_carried("Code" text) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        state = 'gone',
        event = 'carried',
        version = o.version + 1,
        entered_at = now(),
        slip = NULL,
        raw = NULL
    WHERE o."Code" = user_carried."Code" AND o.state = 'Sealed & shut'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_carried."Code";
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_carried."Code", coalesce(stands, 'not there'), 'carried');
    END IF;
    RETURN moved;
END
$$;

-- `refused`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_refused("Code" text) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        state = 'open',
        event = 'refused',
        version = o.version + 1,
        entered_at = now(),
        note = NULL,
        slip = NULL,
        raw = NULL
    WHERE o."Code" = user_refused."Code" AND o.state = 'Sealed & shut'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_refused."Code";
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_refused."Code", coalesce(stands, 'not there'), 'refused');
    END IF;
    RETURN moved;
END
$$;

-- `give_up`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_give_up("Code" text) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        state = 'lost',
        event = 'give_up',
        version = o.version + 1,
        entered_at = now(),
        slip = NULL,
        raw = NULL,
        why = 'nobody carries it',
        blob = decode('00ff', 'hex')
    WHERE o."Code" = user_give_up."Code" AND o.state = 'Sealed & shut'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_give_up."Code";
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_give_up."Code", coalesce(stands, 'not there'), 'give_up');
    END IF;
    RETURN moved;
END
$$;

-- `twist`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION "Sales".user_twist("Code" text) RETURNS "Sales"."user"
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved "Sales"."user";
    stands text;
BEGIN
    UPDATE "Sales"."user" o SET
        state = 'open',
        event = 'twist',
        version = o.version + 1,
        entered_at = now()
    WHERE o."Code" = user_twist."Code" AND o.state = 'open'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM "Sales"."user" o WHERE o."Code" = user_twist."Code";
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'user',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'it''s 100% a parcel', user_twist."Code", coalesce(stands, 'not there'), 'twist');
    END IF;
    RETURN moved;
END
$$;

CREATE TRIGGER user_transition AFTER INSERT OR UPDATE ON "Sales"."user" FOR EACH ROW EXECUTE FUNCTION "Sales".user_transition();
CREATE TRIGGER user_removed AFTER DELETE ON "Sales"."user" FOR EACH ROW EXECUTE FUNCTION "Sales".user_removed();
CREATE TRIGGER user_truncate BEFORE TRUNCATE ON "Sales"."user" EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER user_history_written BEFORE INSERT OR DELETE ON "Sales".user_history FOR EACH ROW EXECUTE FUNCTION "Sales".user_history_written();
CREATE TRIGGER user_history_update BEFORE UPDATE ON "Sales".user_history FOR EACH ROW EXECUTE FUNCTION workflow.refuse();
CREATE TRIGGER user_history_truncate BEFORE TRUNCATE ON "Sales".user_history EXECUTE FUNCTION workflow.refuse();

-- How long each instance was in each state; internal transitions do not end a stay.
CREATE VIEW "Sales".user_timeline AS
SELECT stay.id, stay.version, stay.event, stay.state, stay.entered_at, stay.left_at,
       coalesce(stay.left_at, now()) - stay.entered_at AS spent
FROM (
    SELECT h.id, h.version, h.event, h.to_state AS state, h.at AS entered_at,
           lead(h.at) OVER (PARTITION BY h.id ORDER BY h.version) AS left_at
    FROM "Sales".user_history h
    WHERE h.from_state IS NULL OR h.from_state || '>' || h.event || '>' || h.to_state <> ALL (ARRAY[
            'open>nudge>open',
            'Sealed & shut>nudge>Sealed & shut',
            'open>weigh>open',
            'Sealed & shut>weigh>Sealed & shut',
            'waiting>weigh>waiting',
            'open>plan>open',
            'Sealed & shut>plan>Sealed & shut',
            'waiting>plan>waiting',
            'open>overdue>open',
            'Sealed & shut>overdue>Sealed & shut',
            'Sealed & shut>scanned>Sealed & shut'])
) stay;

-- What is not finished, by state and age, and the work that is late for it.
CREATE VIEW "Sales".user_stuck AS
SELECT o.state, o.entered_at, now() - o.entered_at AS age, o."Code" AS id, o.version,
       late.jobs AS late_jobs, late.oldest AS late_since, late.attempts, late.last_error
FROM "Sales"."user" o
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs, min(j.run_at) AS oldest, max(j.attempt - j.forgiven) AS attempts,
           (array_agg(j.last_error ORDER BY j.attempt DESC) FILTER (WHERE j.last_error IS NOT NULL))[1] AS last_error
    FROM "Sales".user_jobs j
    WHERE j.id = o."Code" AND j.finished_at IS NULL AND j.run_at < now()
) late
WHERE o.state NOT IN ('lost', 'gone')
ORDER BY o.state, o.entered_at;

-- Rights go to the group roles, where there are such: an application's own role is made a member of one.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname IN ('workflow_app', 'workflow_worker', 'workflow_operator')) = 3 THEN
        GRANT USAGE ON SCHEMA "Sales" TO workflow_app, workflow_operator;
        GRANT SELECT, INSERT, UPDATE ON "Sales"."user" TO workflow_app;
        GRANT SELECT ON "Sales".user_history, "Sales".user_timeline, "Sales".user_stuck TO workflow_app;
        GRANT SELECT, UPDATE, DELETE ON "Sales".user_jobs TO workflow_worker;
        GRANT EXECUTE ON FUNCTION "Sales".user_done(text, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_void(text, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_recorded(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_force(text, text, jsonb, text) TO workflow_operator;
        GRANT EXECUTE ON FUNCTION "Sales".user_asked(jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_create_at(text, timestamptz, jsonb) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_cancel_creation(text) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_seal(text, text, json) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_wait(text, timestamptz) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_resume(text) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_lose(text) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_nudge(text) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_weigh(text, numeric(12,2), integer) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_plan(text, timestamptz) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_overdue(text) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_scanned(text) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_carried(text) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_refused(text) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_give_up(text) TO workflow_app;
        GRANT EXECUTE ON FUNCTION "Sales".user_twist(text) TO workflow_app;
    END IF;
END
$$;

-- What a binary compares itself with.
INSERT INTO workflow.models (workflow, fingerprint, model) VALUES ('it''s 100% a parcel', '0840611587cec05859f2e2d0c4d2f2b0',
    E'{"facts":["edge Sealed & shut>carried>gone","edge Sealed & shut>give_up>lost","edge Sealed & shut>lose>lost","edge Sealed & shut>nudge>Sealed & shut","edge Sealed & shut>overdue>Sealed & shut","edge Sealed & shut>plan>Sealed & shut","edge Sealed & shut>refused>open","edge Sealed & shut>scanned>Sealed & shut","edge Sealed & shut>weigh>Sealed & shut","edge open>lose>lost","edge open>nudge>open","edge open>overdue>open","edge open>plan>open","edge open>seal>Sealed & shut","edge open>twist>open","edge open>wait>waiting","edge open>weigh>open","edge waiting>lose>lost","edge waiting>plan>waiting","edge waiting>resume>open","edge waiting>wait>waiting","edge waiting>weigh>waiting","field Code text in all","field blob bytea in lost","field due timestamptz null in all","field note text null in open,waiting","field order text[] in all","field parts integer in all","field raw json in Sealed & shut","field sku text in all","field slip text in Sealed & shut","field until timestamptz in waiting","field weight numeric(12,2) in all","field why text in lost","initial open","state Sealed & shut","state gone","state lost","state open","state waiting","table \\"Sales\\".\\"user\\""]}');

INSERT INTO workflow.edges (workflow, from_state, event, to_state) VALUES
    ('it''s 100% a parcel', 'open', 'seal', 'Sealed & shut'),
    ('it''s 100% a parcel', 'open', 'wait', 'waiting'),
    ('it''s 100% a parcel', 'waiting', 'wait', 'waiting'),
    ('it''s 100% a parcel', 'waiting', 'resume', 'open'),
    ('it''s 100% a parcel', 'open', 'lose', 'lost'),
    ('it''s 100% a parcel', 'Sealed & shut', 'lose', 'lost'),
    ('it''s 100% a parcel', 'waiting', 'lose', 'lost'),
    ('it''s 100% a parcel', 'open', 'nudge', 'open'),
    ('it''s 100% a parcel', 'Sealed & shut', 'nudge', 'Sealed & shut'),
    ('it''s 100% a parcel', 'open', 'weigh', 'open'),
    ('it''s 100% a parcel', 'Sealed & shut', 'weigh', 'Sealed & shut'),
    ('it''s 100% a parcel', 'waiting', 'weigh', 'waiting'),
    ('it''s 100% a parcel', 'open', 'plan', 'open'),
    ('it''s 100% a parcel', 'Sealed & shut', 'plan', 'Sealed & shut'),
    ('it''s 100% a parcel', 'waiting', 'plan', 'waiting'),
    ('it''s 100% a parcel', 'open', 'overdue', 'open'),
    ('it''s 100% a parcel', 'Sealed & shut', 'overdue', 'Sealed & shut'),
    ('it''s 100% a parcel', 'Sealed & shut', 'scanned', 'Sealed & shut'),
    ('it''s 100% a parcel', 'Sealed & shut', 'carried', 'gone'),
    ('it''s 100% a parcel', 'Sealed & shut', 'refused', 'open'),
    ('it''s 100% a parcel', 'Sealed & shut', 'give_up', 'lost'),
    ('it''s 100% a parcel', 'open', 'twist', 'open');
