-- The `shipment` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `contract`.

SET LOCAL lock_timeout = '2s';

-- Every insert and update passes here, after all BEFORE triggers: guard, history, jobs, and last the `with sql` effects.
-- The edges stand in the body because a plan is cached there; a WHEN clause is prepared anew by each statement.
CREATE OR REPLACE FUNCTION public.shipments_transition() RETURNS trigger
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
        IF NEW.state <> 'packed' OR NEW.event <> 'create' OR NEW.version <> 1 OR NEW.entered_at <> now() OR NEW.keyed <> 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF002', TABLE = 'shipments',
                MESSAGE = format('%s %s cannot start in state %s, event %s, version %s',
                                 'shipment', NEW.id, NEW.state, NEW.event, NEW.version),
                HINT = format('It starts in %s; leave state, event, version and entered_at to their defaults.', 'packed');
        END IF;
    ELSIF NEW.version = OLD.version THEN
        -- Not a transition: then nothing that only transitions decide may have changed.
        IF (OLD.id, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, OLD.tracking)
            IS DISTINCT FROM
           (NEW.id, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, NEW.tracking) THEN
            PERFORM workflow.tolerate('shipment', OLD.id::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        RETURN NULL;
    ELSE
        was := OLD.state;
        step := was || '>' || NEW.event || '>' || NEW.state;
        IF NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id
            OR NEW.entered_at <> (CASE WHEN internal THEN OLD.entered_at ELSE now() END)
            OR NOT (internal OR step = ANY (ARRAY[
                    'packed>send>sent',
                    'sent>deliver>delivered',
                    'packed>lose>lost',
                    'sent>lose>lost']))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
            OR effectless THEN
            PERFORM workflow.tolerate('shipment', OLD.id::text, was, NEW.event, NEW.state,
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
    IF NEW.state = 'sent' THEN
        data := jsonb_build_object('tracking', NEW.tracking);
    END IF;
    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('order_id', NEW.order_id, 'customer_id', NEW.customer_id);
    END IF;
    INSERT INTO public.shipments_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.id, NEW.version, NEW.event, was, NEW.state, data, actor, key, note);

    -- Entering and leaving; an internal transition does neither.
    IF NOT internal THEN
        IF was IN ('delivered', 'lost') THEN
            DELETE FROM public.shipments_jobs j WHERE j.id = NEW.id AND j.kind <> 'task';
        END IF;
        IF NEW.state = 'delivered' THEN
            INSERT INTO public.shipments_jobs (id, version, job, kind) VALUES (NEW.id, NEW.version, 'order', 'join');
        ELSIF NEW.state = 'lost' THEN
            INSERT INTO public.shipments_jobs (id, version, job, kind) VALUES (NEW.id, NEW.version, 'order', 'join');
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE INDEX shipments_order_id_parent ON public.shipments (order_id);
