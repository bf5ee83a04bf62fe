-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- What the next version needs; what the version before needs stays.

SET LOCAL lock_timeout = '2s';

-- Every insert and update passes here, after all BEFORE triggers: guard, history, jobs, and last the `with sql` effects.
-- The edges stand in the body because a plan is cached there; a WHEN clause is prepared anew by each statement.
CREATE OR REPLACE FUNCTION public.orders_transition() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    -- A client's own settings must not decide what history records, what counts as unchanged, or where a string of the declaration ends.
    SET extra_float_digits = 1 SET DateStyle = ISO SET bytea_output = hex SET standard_conforming_strings = on
AS $$
#variable_conflict use_column
DECLARE
    was text;
    step text := 'create';
    data jsonb;
    actor text := nullif(current_setting('workflow.actor', true), '');
    key uuid;
    note text;
    internal boolean := false;
    effectless boolean := false;
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
        IF (OLD.id, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, OLD.warehouse, OLD.reason)
            IS DISTINCT FROM
           (NEW.id, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, NEW.warehouse, NEW.reason) THEN
            PERFORM workflow.tolerate('order', OLD.id::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        RETURN NULL;
    ELSE
        was := OLD.state;
        step := was || '>' || NEW.event || '>' || NEW.state;
        internal := step = ANY (ARRAY['placed>change_quantity>placed']);
        -- A transition with an effect in the application is fired there: the runtime marks it by its key.
        effectless := NEW.keyed IS DISTINCT FROM NEW.version AND step = ANY (ARRAY['placed>reserve>reserved']);
        IF NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id
            OR NEW.entered_at <> (CASE WHEN internal THEN OLD.entered_at ELSE now() END)
            OR NOT (internal OR step = ANY (ARRAY[
                    'placed>reserve>reserved',
                    'reserved>hand_over>delivered',
                    'placed>cancel>cancelled',
                    'reserved>cancel>cancelled',
                    'placed>lapse>cancelled']))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
            OR effectless THEN
            PERFORM workflow.tolerate('order', OLD.id::text, was, NEW.event, NEW.state,
                NEW.version = OLD.version + 1 AND NEW.id = OLD.id, effectless);
        END IF;
    END IF;

    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    IF NEW.keyed = NEW.version THEN
        actor := NEW.actor;
        key := NEW.key;
    END IF;
    IF NEW.event IN ('force', 'migrate') THEN
        note := nullif(current_setting('workflow.note', true), '');
    END IF;
    IF NEW.state = 'reserved' THEN
        data := jsonb_build_object('warehouse', NEW.warehouse);
    ELSIF NEW.state = 'cancelled' THEN
        data := jsonb_build_object('reason', NEW.reason);
    END IF;
    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('sku', NEW.sku, 'quantity', NEW.quantity);
    ELSIF NEW.event = 'change_quantity' THEN
        data := coalesce(data, '{}') || jsonb_build_object('quantity', NEW.quantity);
    END IF;
    INSERT INTO public.orders_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.id, NEW.version, NEW.event, was, NEW.state, data, actor, key, note);

    -- Entering and leaving; an internal transition does neither.
    IF NOT internal THEN
        IF was = 'placed' THEN
            DELETE FROM public.orders_jobs j WHERE j.id = NEW.id AND j.kind <> 'task';
        END IF;
        IF NEW.state = 'placed' THEN
            INSERT INTO public.orders_jobs (id, version, job, kind, run_at)
            VALUES (NEW.id, NEW.version, 'lapse', 'timer', now() + interval '30 minutes');
        END IF;
    END IF;
    RETURN NULL;
END
$$;

-- `hand_over`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.orders_hand_over(id uuid) RETURNS public.orders
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.orders;
    stands text;
BEGIN
    UPDATE public.orders o SET
        state = 'delivered',
        event = 'hand_over',
        version = o.version + 1,
        entered_at = now(),
        warehouse = NULL
    WHERE o.id = orders_hand_over.id AND o.state = 'reserved'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.orders o WHERE o.id = orders_hand_over.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'orders',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'order', orders_hand_over.id, coalesce(stands, 'not there'), 'hand_over');
    END IF;
    RETURN moved;
END
$$;

-- `lapse`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.orders_lapse(id uuid) RETURNS public.orders
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.orders;
    stands text;
BEGIN
    UPDATE public.orders o SET
        state = 'cancelled',
        event = 'lapse',
        version = o.version + 1,
        entered_at = now(),
        reason = 'not reserved in time'
    WHERE o.id = orders_lapse.id AND o.state = 'placed'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.orders o WHERE o.id = orders_lapse.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'orders',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'order', orders_lapse.id, coalesce(stands, 'not there'), 'lapse');
    END IF;
    RETURN moved;
END
$$;

-- Rights go to the group roles, where there are such: an application's own role is made a member of one.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname IN ('workflow_app', 'workflow_worker', 'workflow_operator')) = 3 THEN
        GRANT EXECUTE ON FUNCTION public.orders_hand_over(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.orders_lapse(uuid) TO workflow_app;
    END IF;
END
$$;

UPDATE workflow.edges SET mode = 'warn' WHERE workflow = 'order' AND (from_state, event, to_state) IN (
    ('reserved', 'deliver', 'delivered'),
    ('placed', 'expire', 'cancelled'));

INSERT INTO workflow.edges (workflow, from_state, event, to_state) VALUES
    ('order', 'reserved', 'hand_over', 'delivered'),
    ('order', 'placed', 'lapse', 'cancelled');

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '05cbdf8409493502f00736bd7a389a33', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>lapse>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","edge reserved>hand_over>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';
