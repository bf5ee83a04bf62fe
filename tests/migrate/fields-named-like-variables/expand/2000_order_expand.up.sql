-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- What the next version needs; what the version before needs stays.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    ADD COLUMN batch_text text,
    ADD COLUMN failures_text text,
    ADD COLUMN found_number integer,
    ADD COLUMN note_text text,
    ADD COLUMN data_text text,
    ADD COLUMN step_long bigint,
    ADD COLUMN was_text text,
    DROP CONSTRAINT orders_note_1,
    DROP CONSTRAINT orders_data_1,
    DROP CONSTRAINT orders_step_1,
    DROP CONSTRAINT orders_was_1;

-- A fault in what the source says is found here.
SELECT (SELECT batch::text FROM (SELECT (o).*) AS orders), (SELECT failures::text FROM (SELECT (o).*) AS orders), (SELECT (found::integer)::integer FROM (SELECT (o).*) AS orders), (SELECT batch_text::integer FROM (SELECT (o).*) AS orders), (SELECT failures_text::integer FROM (SELECT (o).*) AS orders), (SELECT (found_number = 1)::boolean FROM (SELECT (o).*) AS orders), (SELECT note::text FROM (SELECT (o).*) AS orders), (SELECT (step + 1)::bigint FROM (SELECT (o).*) AS orders), (SELECT was::text FROM (SELECT (o).*) AS orders), (SELECT note_text::integer FROM (SELECT (o).*) AS orders), (SELECT ((step_long - 1)::integer)::integer FROM (SELECT (o).*) AS orders), (SELECT was_text::integer FROM (SELECT (o).*) AS orders) FROM public.orders o LIMIT 0;

-- Binaries of two versions are at work: what one of them does not know is filled in, cleared, or kept in step for it.
CREATE FUNCTION public.orders_migrate() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
#variable_conflict use_column
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.batch IS DISTINCT FROM OLD.batch AND NEW.batch_text IS NOT DISTINCT FROM OLD.batch_text THEN
        NEW.batch_text := (SELECT batch::text FROM (SELECT (NEW).*) AS orders);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.failures IS DISTINCT FROM OLD.failures AND NEW.failures_text IS NOT DISTINCT FROM OLD.failures_text THEN
        NEW.failures_text := (SELECT failures::text FROM (SELECT (NEW).*) AS orders);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.found IS DISTINCT FROM OLD.found AND NEW.found_number IS NOT DISTINCT FROM OLD.found_number THEN
        NEW.found_number := (SELECT (found::integer)::integer FROM (SELECT (NEW).*) AS orders);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.batch_text IS DISTINCT FROM OLD.batch_text AND NEW.batch IS NOT DISTINCT FROM OLD.batch THEN
        NEW.batch := (SELECT batch_text::integer FROM (SELECT (NEW).*) AS orders);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.failures_text IS DISTINCT FROM OLD.failures_text AND NEW.failures IS NOT DISTINCT FROM OLD.failures THEN
        NEW.failures := (SELECT failures_text::integer FROM (SELECT (NEW).*) AS orders);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.found_number IS DISTINCT FROM OLD.found_number AND NEW.found IS NOT DISTINCT FROM OLD.found THEN
        NEW.found := (SELECT (found_number = 1)::boolean FROM (SELECT (NEW).*) AS orders);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.note IS DISTINCT FROM OLD.note AND NEW.note_text IS NOT DISTINCT FROM OLD.note_text THEN
        NEW.note_text := (SELECT note::text FROM (SELECT (NEW).*) AS orders);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.data IS DISTINCT FROM OLD.data AND NEW.data_text IS NOT DISTINCT FROM OLD.data_text THEN
        NEW.data_text := NEW.data;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.step IS DISTINCT FROM OLD.step AND NEW.step_long IS NOT DISTINCT FROM OLD.step_long THEN
        NEW.step_long := (SELECT (step + 1)::bigint FROM (SELECT (NEW).*) AS orders);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.was IS DISTINCT FROM OLD.was AND NEW.was_text IS NOT DISTINCT FROM OLD.was_text THEN
        NEW.was_text := (SELECT was::text FROM (SELECT (NEW).*) AS orders);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.note_text IS DISTINCT FROM OLD.note_text AND NEW.note IS NOT DISTINCT FROM OLD.note THEN
        NEW.note := (SELECT note_text::integer FROM (SELECT (NEW).*) AS orders);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.data_text IS DISTINCT FROM OLD.data_text AND NEW.data IS NOT DISTINCT FROM OLD.data THEN
        NEW.data := NEW.data_text;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.step_long IS DISTINCT FROM OLD.step_long AND NEW.step IS NOT DISTINCT FROM OLD.step THEN
        NEW.step := (SELECT ((step_long - 1)::integer)::integer FROM (SELECT (NEW).*) AS orders);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.was_text IS DISTINCT FROM OLD.was_text AND NEW.was IS NOT DISTINCT FROM OLD.was THEN
        NEW.was := (SELECT was_text::integer FROM (SELECT (NEW).*) AS orders);
    END IF;
    NEW.batch_text := coalesce(NEW.batch_text, (SELECT batch::text FROM (SELECT (NEW).*) AS orders));
    NEW.failures_text := coalesce(NEW.failures_text, (SELECT failures::text FROM (SELECT (NEW).*) AS orders));
    NEW.found_number := coalesce(NEW.found_number, (SELECT (found::integer)::integer FROM (SELECT (NEW).*) AS orders));
    NEW.batch := coalesce(NEW.batch, (SELECT batch_text::integer FROM (SELECT (NEW).*) AS orders));
    NEW.failures := coalesce(NEW.failures, (SELECT failures_text::integer FROM (SELECT (NEW).*) AS orders));
    NEW.found := coalesce(NEW.found, (SELECT (found_number = 1)::boolean FROM (SELECT (NEW).*) AS orders));
    NEW.note_text := CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.note_text, (SELECT note::text FROM (SELECT (NEW).*) AS orders)) END;
    NEW.data_text := CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.data_text, NEW.data) END;
    NEW.step_long := CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.step_long, (SELECT (step + 1)::bigint FROM (SELECT (NEW).*) AS orders)) END;
    NEW.was_text := CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.was_text, (SELECT was::text FROM (SELECT (NEW).*) AS orders)) END;
    NEW.note := CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.note, (SELECT note_text::integer FROM (SELECT (NEW).*) AS orders)) END;
    NEW.data := CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.data, NEW.data_text) END;
    NEW.step := CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.step, (SELECT ((step_long - 1)::integer)::integer FROM (SELECT (NEW).*) AS orders)) END;
    NEW.was := CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.was, (SELECT was_text::integer FROM (SELECT (NEW).*) AS orders)) END;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION public.orders_migrate() FROM PUBLIC;

CREATE TRIGGER orders_migrate BEFORE INSERT OR UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.orders_migrate();

-- Every insert and update passes here, after all BEFORE triggers: guard, history, jobs, and last the `with sql` effects.
-- The edges stand in the body because a plan is cached there; a WHEN clause is prepared anew by each statement.
CREATE OR REPLACE FUNCTION public.orders_transition() RETURNS trigger
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
        IF NEW.state <> 'placed' OR NEW.event <> 'create' OR NEW.version <> 1 OR NEW.entered_at <> now() OR NEW.keyed <> 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF002', TABLE = 'orders',
                MESSAGE = format('%s %s cannot start in state %s, event %s, version %s',
                                 'order', NEW.id, NEW.state, NEW.event, NEW.version),
                HINT = format('It starts in %s; leave state, event, version and entered_at to their defaults.', 'placed');
        END IF;
    ELSIF NEW.version = OLD.version THEN
        -- Not a transition: then nothing that only transitions decide may have changed.
        IF (OLD.id, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.note_text, (SELECT note::text FROM (SELECT (OLD).*) AS orders)) END, CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.data_text, OLD.data) END, CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.step_long, (SELECT (step + 1)::bigint FROM (SELECT (OLD).*) AS orders)) END, CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.was_text, (SELECT was::text FROM (SELECT (OLD).*) AS orders)) END, CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.note, (SELECT note_text::integer FROM (SELECT (OLD).*) AS orders)) END, CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.data, OLD.data_text) END, CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.step, (SELECT ((step_long - 1)::integer)::integer FROM (SELECT (OLD).*) AS orders)) END, CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.was, (SELECT was_text::integer FROM (SELECT (OLD).*) AS orders)) END)
            IS DISTINCT FROM
           (NEW.id, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, CASE WHEN OLD.note_text IS NULL AND CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.note_text, (SELECT note::text FROM (SELECT (NEW).*) AS orders)) END IS NOT DISTINCT FROM (CASE WHEN NEW.state = 'reserved' THEN coalesce(NULL, (SELECT note::text FROM (SELECT (NEW).*) AS orders)) END) THEN CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.note_text, (SELECT note::text FROM (SELECT (OLD).*) AS orders)) END ELSE CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.note_text, (SELECT note::text FROM (SELECT (NEW).*) AS orders)) END END, CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.data_text, NEW.data) END, CASE WHEN OLD.step_long IS NULL AND CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.step_long, (SELECT (step + 1)::bigint FROM (SELECT (NEW).*) AS orders)) END IS NOT DISTINCT FROM (CASE WHEN NEW.state = 'reserved' THEN coalesce(NULL, (SELECT (step + 1)::bigint FROM (SELECT (NEW).*) AS orders)) END) THEN CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.step_long, (SELECT (step + 1)::bigint FROM (SELECT (OLD).*) AS orders)) END ELSE CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.step_long, (SELECT (step + 1)::bigint FROM (SELECT (NEW).*) AS orders)) END END, CASE WHEN OLD.was_text IS NULL AND CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.was_text, (SELECT was::text FROM (SELECT (NEW).*) AS orders)) END IS NOT DISTINCT FROM (CASE WHEN NEW.state = 'reserved' THEN coalesce(NULL, (SELECT was::text FROM (SELECT (NEW).*) AS orders)) END) THEN CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.was_text, (SELECT was::text FROM (SELECT (OLD).*) AS orders)) END ELSE CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.was_text, (SELECT was::text FROM (SELECT (NEW).*) AS orders)) END END, CASE WHEN OLD.note IS NULL AND CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.note, (SELECT note_text::integer FROM (SELECT (NEW).*) AS orders)) END IS NOT DISTINCT FROM (CASE WHEN NEW.state = 'reserved' THEN coalesce(NULL, (SELECT note_text::integer FROM (SELECT (NEW).*) AS orders)) END) THEN CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.note, (SELECT note_text::integer FROM (SELECT (OLD).*) AS orders)) END ELSE CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.note, (SELECT note_text::integer FROM (SELECT (NEW).*) AS orders)) END END, CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.data, NEW.data_text) END, CASE WHEN OLD.step IS NULL AND CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.step, (SELECT ((step_long - 1)::integer)::integer FROM (SELECT (NEW).*) AS orders)) END IS NOT DISTINCT FROM (CASE WHEN NEW.state = 'reserved' THEN coalesce(NULL, (SELECT ((step_long - 1)::integer)::integer FROM (SELECT (NEW).*) AS orders)) END) THEN CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.step, (SELECT ((step_long - 1)::integer)::integer FROM (SELECT (OLD).*) AS orders)) END ELSE CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.step, (SELECT ((step_long - 1)::integer)::integer FROM (SELECT (NEW).*) AS orders)) END END, CASE WHEN OLD.was IS NULL AND CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.was, (SELECT was_text::integer FROM (SELECT (NEW).*) AS orders)) END IS NOT DISTINCT FROM (CASE WHEN NEW.state = 'reserved' THEN coalesce(NULL, (SELECT was_text::integer FROM (SELECT (NEW).*) AS orders)) END) THEN CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.was, (SELECT was_text::integer FROM (SELECT (OLD).*) AS orders)) END ELSE CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.was, (SELECT was_text::integer FROM (SELECT (NEW).*) AS orders)) END END) THEN
            PERFORM workflow.tolerate('order', OLD.id::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        RETURN NULL;
    ELSE
        step := OLD.state || '>' || NEW.event || '>' || NEW.state;
        IF NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id
            OR NEW.entered_at <> now()
            OR NOT (step = ANY (ARRAY[
                    'placed>reserve>reserved',
                    'reserved>deliver>delivered',
                    'placed>expire>delivered']))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
        THEN
            PERFORM workflow.tolerate('order', OLD.id::text, OLD.state, NEW.event, NEW.state,
                NEW.version = OLD.version + 1 AND NEW.id = OLD.id, false);
        END IF;
        -- Whoever sent it was told that it did nothing, and it comes now. Hardly ever is there a key like that: then nothing is looked for.
        IF pg_relation_size('workflow.voided') > 0 THEN
            IF EXISTS (SELECT FROM workflow.voided v WHERE NEW.keyed = NEW.version AND v.key = NEW.key) THEN
                RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'orders',
                    MESSAGE = format('%s %s: %s comes too late, its key is void', 'order', NEW.id, NEW.event);
            END IF;
        END IF;
    END IF;

    IF NEW.state = 'reserved' THEN
        data := jsonb_build_object('note_text', NEW.note_text, 'data_text', NEW.data_text, 'step_long', NEW.step_long, 'was_text', NEW.was_text, 'note', NEW.note, 'data', NEW.data, 'step', NEW.step, 'was', NEW.was);
    END IF;
    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('batch_text', NEW.batch_text, 'last', NEW.last, 'failures_text', NEW.failures_text, 'found_number', NEW.found_number, 'batch', NEW.batch, 'failures', NEW.failures, 'found', NEW.found);
    END IF;
    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    INSERT INTO public.orders_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.id, NEW.version, NEW.event, OLD.state, NEW.state, data,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.actor ELSE nullif(current_setting('workflow.actor', true), '') END,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.key END,
        CASE WHEN NEW.event IN ('force', 'migrate') THEN nullif(current_setting('workflow.note', true), '') END);

    IF OLD.state = 'placed' THEN
        DELETE FROM public.orders_jobs j WHERE j.id = NEW.id AND j.kind <> 'task';
    END IF;
    IF NEW.state = 'placed' THEN
        INSERT INTO public.orders_jobs (id, version, job, kind, run_at)
        VALUES (NEW.id, NEW.version, 'expire', 'timer', now() + interval '1 hour');
    END IF;
    RETURN NULL;
END
$$;

-- The sanctioned repair: to any state, obeying its CHECKs, recorded with the reason. No effect and no guard takes part in it.
-- Granted to nobody but operators.
CREATE OR REPLACE FUNCTION public.orders_force(id uuid, state text, fields jsonb, reason text) RETURNS public.orders
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was public.orders;
    becomes public.orders;
    moved public.orders;
    wrong text;
BEGIN
    SELECT o.* INTO was FROM public.orders o WHERE o.id = orders_force.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('%s %s is not there', 'order', orders_force.id);
    END IF;
    IF coalesce(orders_force.reason, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s cannot be forced without a reason', 'order');
    END IF;
    IF orders_force.state IS NULL OR NOT orders_force.state = ANY (ARRAY['placed', 'reserved', 'delivered']) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no state %s', 'order', orders_force.state);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM jsonb_object_keys(orders_force.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY[
        'note_text',
        'data_text',
        'step_long',
        'was_text',
        'note',
        'data',
        'step',
        'was']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', 'order', wrong);
    END IF;
    becomes := jsonb_populate_record(was, CASE WHEN orders_force.fields ? 'note' THEN '{}'::jsonb ELSE jsonb_build_object('note_text', NULL) END || CASE WHEN orders_force.fields ? 'data' THEN '{}'::jsonb ELSE jsonb_build_object('data_text', NULL) END || CASE WHEN orders_force.fields ? 'step' THEN '{}'::jsonb ELSE jsonb_build_object('step_long', NULL) END || CASE WHEN orders_force.fields ? 'was' THEN '{}'::jsonb ELSE jsonb_build_object('was_text', NULL) END || CASE WHEN orders_force.fields ? 'note_text' THEN '{}'::jsonb ELSE jsonb_build_object('note', NULL) END || CASE WHEN orders_force.fields ? 'data_text' THEN '{}'::jsonb ELSE jsonb_build_object('data', NULL) END || CASE WHEN orders_force.fields ? 'step_long' THEN '{}'::jsonb ELSE jsonb_build_object('step', NULL) END || CASE WHEN orders_force.fields ? 'was_text' THEN '{}'::jsonb ELSE jsonb_build_object('was', NULL) END || coalesce(orders_force.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce(orders_force.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ('order', was.state, 'force', orders_force.state, 'migrate');
    UPDATE public.orders o SET state = orders_force.state, event = 'force', version = o.version + 1, entered_at = now(),
        note_text = becomes.note_text,
        data_text = becomes.data_text,
        step_long = becomes.step_long,
        was_text = becomes.was_text,
        note = becomes.note,
        data = becomes.data,
        step = becomes.step,
        was = becomes.was
    WHERE o.id = orders_force.id RETURNING o.* INTO moved;
    DELETE FROM workflow.edges e
        WHERE e.workflow = 'order' AND e.event = 'force' AND e.from_state = was.state AND e.to_state = orders_force.state;
    PERFORM set_config('workflow.note', '', true);
    RETURN moved;
END
$$;

-- Asks for a creation at a time, for any client; a worker makes it, with its effects. What comes back is nothing, or the time of a
-- creation that was asked for before: that one stays.
CREATE OR REPLACE FUNCTION public.orders_create_at(id uuid, at timestamptz, fields jsonb) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
    stands timestamptz;
BEGIN
    IF orders_create_at.id IS NULL OR orders_create_at.at IS NULL OR NOT isfinite(orders_create_at.at) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s needs a key and a time to be created at', 'order');
    END IF;
    SELECT string_agg(f.name, ', ' ORDER BY f.name) INTO wrong FROM jsonb_object_keys(orders_create_at.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY[
            'batch_text',
            'last',
            'failures_text',
            'found_number',
            'batch',
            'failures',
            'found']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s %s: creation knows no %s', 'order', orders_create_at.id, wrong);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM unnest(ARRAY['last']) AS f (name)
        WHERE orders_create_at.fields ->> f.name IS NULL;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'not_null_violation',
            MESSAGE = format('%s %s: creation needs %s', 'order', orders_create_at.id, wrong);
    END IF;
    -- What does not fit the columns is found now, and not when it is due.
    PERFORM jsonb_populate_record(NULL::public.orders, orders_create_at.fields);
    IF EXISTS (SELECT FROM public.orders o WHERE o.id = orders_create_at.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', TABLE = 'orders',
            MESSAGE = format('%s %s is there already', 'order', orders_create_at.id);
    END IF;
    LOOP
        INSERT INTO public.orders_jobs AS j (id, version, job, kind, run_at, data)
        VALUES (orders_create_at.id, 0, 'create', 'creation', orders_create_at.at, coalesce(orders_create_at.fields, '{}'))
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
        SELECT j.run_at INTO stands FROM public.orders_jobs j
            WHERE j.id = orders_create_at.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
        EXIT WHEN FOUND;
    END LOOP;
    RETURN stands;
END
$$;

-- `reserve`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.orders_reserve(id uuid, note_text text, data_text text, step_long bigint, was_text text) RETURNS public.orders
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.orders;
    stands text;
BEGIN
    UPDATE public.orders o SET
        state = 'reserved',
        event = 'reserve',
        version = o.version + 1,
        entered_at = now(),
        note_text = orders_reserve.note_text,
        data_text = orders_reserve.data_text,
        step_long = orders_reserve.step_long,
        was_text = orders_reserve.was_text
    WHERE o.id = orders_reserve.id AND o.state = 'placed'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.orders o WHERE o.id = orders_reserve.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'orders',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'order', orders_reserve.id, coalesce(stands, 'not there'), 'reserve');
    END IF;
    RETURN moved;
END
$$;

-- `deliver`, for any client: the same step as in the application, which has no part in it.
CREATE OR REPLACE FUNCTION public.orders_deliver(id uuid) RETURNS public.orders
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.orders;
    stands text;
BEGIN
    UPDATE public.orders o SET
        state = 'delivered',
        event = 'deliver',
        version = o.version + 1,
        entered_at = now(),
        note_text = NULL,
        data_text = NULL,
        step_long = NULL,
        was_text = NULL,
        note = NULL,
        data = NULL,
        step = NULL,
        was = NULL
    WHERE o.id = orders_deliver.id AND o.state = 'reserved'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.orders o WHERE o.id = orders_deliver.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'orders',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'order', orders_deliver.id, coalesce(stands, 'not there'), 'deliver');
    END IF;
    RETURN moved;
END
$$;

-- Rights go to the group roles, where there are such: an application's own role is made a member of one.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname IN ('workflow_app', 'workflow_worker', 'workflow_operator')) = 3 THEN
        GRANT EXECUTE ON FUNCTION public.orders_reserve(uuid, text, text, bigint, text) TO workflow_app;
    END IF;
END
$$;

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '0506db459bdc2c18cf89847dd2a82bd5', model =
'{"facts":["edge placed>expire>delivered","edge placed>reserve>reserved","edge reserved>deliver>delivered","field batch integer in all","field batch_text text in all","field data text in reserved","field data_text text in reserved","field failures integer in all","field failures_text text in all","field found boolean in all","field found_number integer in all","field id uuid in all","field last text in all","field note integer in reserved","field note_text text in reserved","field step integer in reserved","field step_long bigint in reserved","field was integer in reserved","field was_text text in reserved","initial placed","state delivered","state placed","state reserved","table public.orders"],"supplied":["batch_text","failures_text","found_number","batch","failures","found","note_text","data_text","step_long","was_text","note","data","step","was"]}'
WHERE workflow = 'order';
