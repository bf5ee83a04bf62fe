-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- What the next version needs; what the version before needs stays.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    DROP CONSTRAINT orders_state_1,
    ADD CONSTRAINT orders_state_2 CHECK (state = ANY ('{placed,reserved,on_hold,delivered,cancelled,held}')) NOT VALID,
    DROP CONSTRAINT orders_note_1,
    ADD CONSTRAINT orders_note_2 CHECK (state = ANY ('{on_hold,held}') OR note IS NULL) NOT VALID;

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
    internal boolean := false;
    effectless boolean;
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
        IF (OLD.id, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, OLD.warehouse, OLD.note, OLD.reason)
            IS DISTINCT FROM
           (NEW.id, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, NEW.warehouse, NEW.note, NEW.reason) THEN
            PERFORM workflow.tolerate('order', OLD.id::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        RETURN NULL;
    ELSE
        step := OLD.state || '>' || NEW.event || '>' || NEW.state;
        internal := step = ANY (ARRAY['placed>change_quantity>placed']);
        -- A transition with an effect in the application is fired there: the runtime marks it by its key.
        effectless := NEW.keyed IS DISTINCT FROM NEW.version AND step = ANY (ARRAY['placed>reserve>reserved']);
        IF NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id
            OR NEW.entered_at <> (CASE WHEN internal THEN OLD.entered_at ELSE now() END)
            OR NOT (internal OR step = ANY (ARRAY[
                    'placed>reserve>reserved',
                    'reserved>deliver>delivered',
                    'placed>cancel>cancelled',
                    'reserved>cancel>cancelled',
                    'placed>expire>cancelled',
                    'placed>hold>on_hold',
                    'on_hold>resume>placed',
                    'held>resume>placed']))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
            OR effectless
        THEN
            PERFORM workflow.tolerate('order', OLD.id::text, OLD.state, NEW.event, NEW.state,
                NEW.version = OLD.version + 1 AND NEW.id = OLD.id, effectless);
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
        data := jsonb_build_object('warehouse', NEW.warehouse);
    ELSIF NEW.state = 'on_hold' THEN
        data := jsonb_build_object('note', NEW.note);
    ELSIF NEW.state = 'cancelled' THEN
        data := jsonb_build_object('reason', NEW.reason);
    ELSIF NEW.state = 'held' THEN
        data := jsonb_build_object('note', NEW.note);
    END IF;
    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('sku', NEW.sku, 'quantity', NEW.quantity);
    ELSIF NEW.event = 'change_quantity' THEN
        data := coalesce(data, '{}') || jsonb_build_object('quantity', NEW.quantity);
    END IF;
    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    INSERT INTO public.orders_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.id, NEW.version, NEW.event, OLD.state, NEW.state, data,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.actor ELSE nullif(current_setting('workflow.actor', true), '') END,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.key END,
        CASE WHEN NEW.event IN ('force', 'migrate') THEN nullif(current_setting('workflow.note', true), '') END);

    -- Entering and leaving; an internal transition does neither.
    IF NOT internal THEN
        IF OLD.state = 'placed' THEN
            DELETE FROM public.orders_jobs j WHERE j.id = NEW.id AND j.kind <> 'task';
        END IF;
        IF NEW.state = 'placed' THEN
            INSERT INTO public.orders_jobs (id, version, job, kind, run_at)
            VALUES (NEW.id, NEW.version, 'expire', 'timer', now() + interval '30 minutes');
        END IF;
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
    IF orders_force.state IS NULL OR NOT orders_force.state = ANY (ARRAY[
        'placed',
        'reserved',
        'on_hold',
        'delivered',
        'cancelled',
        'held']) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no state %s', 'order', orders_force.state);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM jsonb_object_keys(orders_force.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['warehouse', 'note', 'reason']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', 'order', wrong);
    END IF;
    becomes := jsonb_populate_record(was, jsonb_build_object('warehouse', NULL, 'note', NULL, 'reason', NULL) || coalesce(orders_force.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce(orders_force.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ('order', was.state, 'force', orders_force.state, 'migrate');
    UPDATE public.orders o SET state = orders_force.state, event = 'force', version = o.version + 1, entered_at = now(),
        warehouse = becomes.warehouse,
        note = becomes.note,
        reason = becomes.reason
    WHERE o.id = orders_force.id RETURNING o.* INTO moved;
    DELETE FROM workflow.edges e
        WHERE e.workflow = 'order' AND e.event = 'force' AND e.from_state = was.state AND e.to_state = orders_force.state;
    PERFORM set_config('workflow.note', '', true);
    RETURN moved;
END
$$;

-- `hold`, for any client: the same step as in the application, which has no part in it.
CREATE OR REPLACE FUNCTION public.orders_hold(id uuid, note text) RETURNS public.orders
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.orders;
    stands text;
BEGIN
    UPDATE public.orders o SET
        state = 'on_hold',
        event = 'hold',
        version = o.version + 1,
        entered_at = now(),
        note = orders_hold.note
    WHERE o.id = orders_hold.id AND o.state = 'placed'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.orders o WHERE o.id = orders_hold.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'orders',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'order', orders_hold.id, coalesce(stands, 'not there'), 'hold');
    END IF;
    RETURN moved;
END
$$;

-- `resume`, for any client: the same step as in the application, which has no part in it.
CREATE OR REPLACE FUNCTION public.orders_resume(id uuid) RETURNS public.orders
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.orders;
    stands text;
BEGIN
    UPDATE public.orders o SET
        state = 'placed',
        event = 'resume',
        version = o.version + 1,
        entered_at = now(),
        note = NULL
    WHERE o.id = orders_resume.id AND o.state IN ('on_hold', 'held')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.orders o WHERE o.id = orders_resume.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'orders',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'order', orders_resume.id, coalesce(stands, 'not there'), 'resume');
    END IF;
    RETURN moved;
END
$$;

UPDATE workflow.edges SET mode = 'warn' WHERE workflow = 'order' AND (from_state, event, to_state) IN (
    ('placed', 'hold', 'held'));

INSERT INTO workflow.edges (workflow, from_state, event, to_state) VALUES
    ('order', 'placed', 'hold', 'on_hold'),
    ('order', 'on_hold', 'resume', 'placed');

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = 'd27b8d77cf8e4d98c35a13e5db7b2761', model =
'{"facts":["edge held>resume>placed","edge on_hold>resume>placed","edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>hold>held","edge placed>hold>on_hold","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field id uuid in all","field note text null in held","field note text null in on_hold","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state held","state on_hold","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';
