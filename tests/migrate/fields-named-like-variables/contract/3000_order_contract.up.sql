-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Only for when no binary of the version before runs any more: takes away what only they needed.

SET LOCAL lock_timeout = '2s';

DROP TRIGGER orders_migrate ON public.orders;

ALTER TABLE public.orders
    ADD CONSTRAINT orders_batch_text_present CHECK (batch_text IS NOT NULL) NOT VALID,
    ADD CONSTRAINT orders_failures_text_present CHECK (failures_text IS NOT NULL) NOT VALID,
    ADD CONSTRAINT orders_found_number_present CHECK (found_number IS NOT NULL) NOT VALID,
    ADD CONSTRAINT orders_note_text_1 CHECK ((note_text IS NOT NULL) = (state = 'reserved')) NOT VALID,
    ADD CONSTRAINT orders_data_text_1 CHECK ((data_text IS NOT NULL) = (state = 'reserved')) NOT VALID,
    ADD CONSTRAINT orders_step_long_1 CHECK ((step_long IS NOT NULL) = (state = 'reserved')) NOT VALID,
    ADD CONSTRAINT orders_was_text_1 CHECK ((was_text IS NOT NULL) = (state = 'reserved')) NOT VALID,
    DROP COLUMN batch,
    DROP COLUMN failures,
    DROP COLUMN found,
    DROP COLUMN note,
    DROP COLUMN data,
    DROP COLUMN step,
    DROP COLUMN was;

DROP FUNCTION public.orders_migrate();

DROP FUNCTION public.orders_reserve(uuid, integer, text, integer, integer);

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
        IF (OLD.id, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, OLD.note_text, OLD.data_text, OLD.step_long, OLD.was_text)
            IS DISTINCT FROM
           (NEW.id, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, NEW.note_text, NEW.data_text, NEW.step_long, NEW.was_text) THEN
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
        data := jsonb_build_object('note_text', NEW.note_text, 'data_text', NEW.data_text, 'step_long', NEW.step_long, 'was_text', NEW.was_text);
    END IF;
    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('batch_text', NEW.batch_text, 'last', NEW.last, 'failures_text', NEW.failures_text, 'found_number', NEW.found_number);
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
        WHERE NOT f.name = ANY (ARRAY['note_text', 'data_text', 'step_long', 'was_text']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', 'order', wrong);
    END IF;
    becomes := jsonb_populate_record(was, jsonb_build_object('note_text', NULL, 'data_text', NULL, 'step_long', NULL, 'was_text', NULL) || coalesce(orders_force.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce(orders_force.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ('order', was.state, 'force', orders_force.state, 'migrate');
    UPDATE public.orders o SET state = orders_force.state, event = 'force', version = o.version + 1, entered_at = now(),
        note_text = becomes.note_text,
        data_text = becomes.data_text,
        step_long = becomes.step_long,
        was_text = becomes.was_text
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
        WHERE NOT f.name = ANY (ARRAY['batch_text', 'last', 'failures_text', 'found_number']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s %s: creation knows no %s', 'order', orders_create_at.id, wrong);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM unnest(ARRAY['batch_text', 'last', 'failures_text', 'found_number']) AS f (name)
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
        was_text = NULL
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

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '0506db459bdc2c18cf89847dd2a82bd5', model =
'{"facts":["edge placed>expire>delivered","edge placed>reserve>reserved","edge reserved>deliver>delivered","field batch_text text in all","field data_text text in reserved","field failures_text text in all","field found_number integer in all","field id uuid in all","field last text in all","field note_text text in reserved","field step_long bigint in reserved","field was_text text in reserved","initial placed","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';
