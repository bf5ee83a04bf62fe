-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Only for when no binary of the version before runs any more: takes away what only they needed.

SET LOCAL lock_timeout = '2s';

DROP TRIGGER orders_migrate ON public.orders;

ALTER TABLE public.orders
    ADD CONSTRAINT orders_warehouse_2 CHECK ((warehouse IS NOT NULL) = (state = ANY ('{reserved,picked}'))) NOT VALID;

DROP FUNCTION public.orders_migrate();

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
                    'reserved>pick>picked',
                    'picked>deliver>delivered',
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
                RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'orders',
                    MESSAGE = format('%s %s: %s comes too late, its key is void', 'order', NEW.id, NEW.event);
            END IF;
        END IF;
    END IF;

    IF NEW.state = 'reserved' THEN
        data := jsonb_build_object('warehouse', NEW.warehouse);
    ELSIF NEW.state = 'picked' THEN
        data := jsonb_build_object('warehouse', NEW.warehouse);
    ELSIF NEW.state = 'cancelled' THEN
        data := jsonb_build_object('reason', NEW.reason);
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

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '5f22a75b1fa2d9367dae4127779b1fdb', model =
'{"facts":["edge picked>deliver>delivered","edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>pick>picked","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in picked,reserved","initial placed","state cancelled","state delivered","state picked","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';
