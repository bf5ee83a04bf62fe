-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `expand`.

SET LOCAL lock_timeout = '2s';

DO $$
#variable_conflict use_column
DECLARE
    counted bigint;
BEGIN
    LOCK TABLE public.purchases IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO counted FROM public.purchases o WHERE o.cents IS NOT NULL AND o.cents <> (0)::bigint;
    IF counted > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s: %s rows have a value for cents', 'public.purchases', counted),
            HINT = 'It would be lost. Clear it first, if it may go.';
    END IF;
END
$$;

DO $$
#variable_conflict use_column
DECLARE
    counted bigint;
BEGIN
    LOCK TABLE public.purchases IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO counted FROM public.purchases o WHERE o.rack IS NOT NULL AND o.rack <> (1)::integer;
    IF counted > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s: %s rows have a value for rack', 'public.purchases', counted),
            HINT = 'It would be lost. Clear it first, if it may go.';
    END IF;
END
$$;

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = 'fdb5a8e02cba721f8f79997964b2624f', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field coupon text null in all","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';

UPDATE workflow.edges SET mode = 'enforce' WHERE workflow = 'order' AND (from_state, event, to_state) IN (
    ('placed', 'change_quantity', 'placed'));

-- Every insert and update passes here, after all BEFORE triggers: guard, history, jobs, and last the `with sql` effects.
-- The edges stand in the body because a plan is cached there; a WHEN clause is prepared anew by each statement.
CREATE OR REPLACE FUNCTION public.purchases_transition() RETURNS trigger
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
            RAISE EXCEPTION USING ERRCODE = 'WF002', TABLE = 'purchases',
                MESSAGE = format('%s %s cannot start in state %s, event %s, version %s',
                                 'order', NEW.id, NEW.state, NEW.event, NEW.version),
                HINT = format('It starts in %s; leave state, event, version and entered_at to their defaults.', 'placed');
        END IF;
    ELSIF NEW.version = OLD.version THEN
        -- Not a transition: then nothing that only transitions decide may have changed.
        IF (OLD.id, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, OLD.warehouse, OLD.reason)
            IS DISTINCT FROM
           (NEW.id, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, NEW.warehouse, NEW.reason) THEN
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
                    'placed>expire>cancelled']))
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
                RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'purchases',
                    MESSAGE = format('%s %s: %s comes too late, its key is void', 'order', NEW.id, NEW.event);
            END IF;
        END IF;
    END IF;

    IF NEW.state = 'reserved' THEN
        data := jsonb_build_object('warehouse', NEW.warehouse);
    ELSIF NEW.state = 'cancelled' THEN
        data := jsonb_build_object('reason', NEW.reason);
    END IF;
    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('sku', NEW.sku, 'coupon', NEW.coupon, 'quantity', NEW.quantity);
    ELSIF NEW.event = 'change_quantity' THEN
        data := coalesce(data, '{}') || jsonb_build_object('quantity', NEW.quantity);
    END IF;
    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    INSERT INTO public.purchases_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.id, NEW.version, NEW.event, OLD.state, NEW.state, data,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.actor ELSE nullif(current_setting('workflow.actor', true), '') END,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.key END,
        CASE WHEN NEW.event IN ('force', 'migrate') THEN nullif(current_setting('workflow.note', true), '') END);

    -- Entering and leaving; an internal transition does neither.
    IF NOT internal THEN
        IF OLD.state = 'placed' THEN
            DELETE FROM public.purchases_jobs j WHERE j.id = NEW.id AND j.kind <> 'task';
        END IF;
        IF NEW.state = 'placed' THEN
            INSERT INTO public.purchases_jobs (id, version, job, kind, run_at)
            VALUES (NEW.id, NEW.version, 'expire', 'timer', now() + interval '30 minutes');
        END IF;
    END IF;
    RETURN NULL;
END
$$;

-- The sanctioned repair: to any state, obeying its CHECKs, recorded with the reason. No effect and no guard takes part in it.
-- Granted to nobody but operators.
CREATE OR REPLACE FUNCTION public.purchases_force(id uuid, state text, fields jsonb, reason text) RETURNS public.purchases
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    was public.purchases;
    becomes public.purchases;
    moved public.purchases;
    wrong text;
BEGIN
    SELECT o.* INTO was FROM public.purchases o WHERE o.id = purchases_force.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('%s %s is not there', 'order', purchases_force.id);
    END IF;
    IF coalesce(purchases_force.reason, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s cannot be forced without a reason', 'order');
    END IF;
    IF purchases_force.state IS NULL OR NOT purchases_force.state = ANY (ARRAY['placed', 'reserved', 'delivered', 'cancelled']) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no state %s', 'order', purchases_force.state);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM jsonb_object_keys(purchases_force.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['warehouse', 'reason']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', 'order', wrong);
    END IF;
    becomes := jsonb_populate_record(was, jsonb_build_object('warehouse', NULL, 'reason', NULL) || coalesce(purchases_force.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce(purchases_force.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ('order', was.state, 'force', purchases_force.state, 'migrate');
    UPDATE public.purchases o SET state = purchases_force.state, event = 'force', version = o.version + 1, entered_at = now(),
        warehouse = becomes.warehouse,
        reason = becomes.reason
    WHERE o.id = purchases_force.id RETURNING o.* INTO moved;
    DELETE FROM workflow.edges e
        WHERE e.workflow = 'order' AND e.event = 'force' AND e.from_state = was.state AND e.to_state = purchases_force.state;
    PERFORM set_config('workflow.note', '', true);
    RETURN moved;
END
$$;

-- What was asked for as a row, by today's names: a field that came since has its default.
CREATE OR REPLACE FUNCTION public.purchases_asked(fields jsonb) RETURNS public.purchases
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.purchases, purchases_asked.fields);
END
$$;

-- Asks for a creation at a time, for any client; a worker makes it, with its effects. What comes back is nothing, or the time of a
-- creation that was asked for before: that one stays.
CREATE OR REPLACE FUNCTION public.purchases_create_at(id uuid, at timestamptz, fields jsonb) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
    stands timestamptz;
BEGIN
    IF purchases_create_at.id IS NULL OR purchases_create_at.at IS NULL OR NOT isfinite(purchases_create_at.at) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s needs a key and a time to be created at', 'order');
    END IF;
    SELECT string_agg(f.name, ', ' ORDER BY f.name) INTO wrong FROM jsonb_object_keys(purchases_create_at.fields) AS f (name)
        WHERE NOT f.name = ANY (ARRAY['sku', 'coupon', 'quantity']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s %s: creation knows no %s', 'order', purchases_create_at.id, wrong);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM unnest(ARRAY['sku', 'quantity']) AS f (name)
        WHERE purchases_create_at.fields ->> f.name IS NULL;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'not_null_violation',
            MESSAGE = format('%s %s: creation needs %s', 'order', purchases_create_at.id, wrong);
    END IF;
    -- What does not fit the columns is found now, and not when it is due.
    PERFORM jsonb_populate_record(NULL::public.purchases, purchases_create_at.fields);
    IF EXISTS (SELECT FROM public.purchases o WHERE o.id = purchases_create_at.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', TABLE = 'purchases',
            MESSAGE = format('%s %s is there already', 'order', purchases_create_at.id);
    END IF;
    LOOP
        INSERT INTO public.purchases_jobs AS j (id, version, job, kind, run_at, data)
        VALUES (purchases_create_at.id, 0, 'create', 'creation', purchases_create_at.at, coalesce(purchases_create_at.fields, '{}'))
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
        SELECT j.run_at INTO stands FROM public.purchases_jobs j
            WHERE j.id = purchases_create_at.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
        EXIT WHEN FOUND;
    END LOOP;
    RETURN stands;
END
$$;

-- `deliver`, for any client: the same step as in the application, which has no part in it.
CREATE OR REPLACE FUNCTION public.purchases_deliver(id uuid) RETURNS public.purchases
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.purchases;
    stands text;
BEGIN
    UPDATE public.purchases o SET
        state = 'delivered',
        event = 'deliver',
        version = o.version + 1,
        entered_at = now(),
        warehouse = NULL
    WHERE o.id = purchases_deliver.id AND o.state = 'reserved'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.purchases o WHERE o.id = purchases_deliver.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'purchases',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'order', purchases_deliver.id, coalesce(stands, 'not there'), 'deliver');
    END IF;
    RETURN moved;
END
$$;

-- `cancel`, for any client: the same step as in the application, which has no part in it.
CREATE OR REPLACE FUNCTION public.purchases_cancel(id uuid, reason text) RETURNS public.purchases
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.purchases;
    stands text;
BEGIN
    UPDATE public.purchases o SET
        state = 'cancelled',
        event = 'cancel',
        version = o.version + 1,
        entered_at = now(),
        warehouse = NULL,
        reason = purchases_cancel.reason
    WHERE o.id = purchases_cancel.id AND o.state IN ('placed', 'reserved')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.purchases o WHERE o.id = purchases_cancel.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'purchases',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'order', purchases_cancel.id, coalesce(stands, 'not there'), 'cancel');
    END IF;
    RETURN moved;
END
$$;

DROP TRIGGER purchases_migrate ON public.purchases;

DROP FUNCTION public.purchases_migrate();

ALTER TABLE public.purchases
    ADD CONSTRAINT purchases_warehouse_1 CHECK ((warehouse IS NOT NULL) = (state = 'reserved')) NOT VALID,
    DROP COLUMN rack,
    ALTER quantity DROP DEFAULT,
    DROP COLUMN cents;

-- The table is locked: nobody passes while the guard looks away.
ALTER TABLE public.purchases DISABLE TRIGGER purchases_transition;
UPDATE public.purchases o SET warehouse = NULL WHERE o.warehouse IS NOT NULL AND o.state NOT IN ('reserved');
ALTER TABLE public.purchases ENABLE TRIGGER purchases_transition;

ALTER TABLE public.purchases VALIDATE CONSTRAINT purchases_warehouse_1;
