-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- What the next version needs; what the version before needs stays.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    ADD COLUMN total bigint,
    DROP CONSTRAINT orders_shelf_1;

-- A fault in what the source says is found here.
SELECT (SELECT (shelf * 10)::bigint FROM (SELECT (o).*) AS orders), (SELECT ((total / 10)::integer)::integer FROM (SELECT (o).*) AS orders) FROM public.orders o LIMIT 0;

-- Binaries of two versions are at work: what one of them does not know is filled in, cleared, or kept in step for it.
CREATE FUNCTION public.orders_migrate() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
#variable_conflict use_column
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.shelf IS DISTINCT FROM OLD.shelf AND NEW.total IS NOT DISTINCT FROM OLD.total THEN
        NEW.total := (SELECT (shelf * 10)::bigint FROM (SELECT (NEW).*) AS orders);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.total IS DISTINCT FROM OLD.total AND NEW.shelf IS NOT DISTINCT FROM OLD.shelf THEN
        NEW.shelf := (SELECT ((total / 10)::integer)::integer FROM (SELECT (NEW).*) AS orders);
    END IF;
    NEW.total := CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.total, (SELECT (shelf * 10)::bigint FROM (SELECT (NEW).*) AS orders)) END;
    NEW.shelf := CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.shelf, (SELECT ((total / 10)::integer)::integer FROM (SELECT (NEW).*) AS orders)) END;
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
        IF (OLD.id, OLD.state, OLD.event, OLD.entered_at, OLD.actor, OLD.key, OLD.keyed, CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.total, (SELECT (shelf * 10)::bigint FROM (SELECT (OLD).*) AS orders)) END, OLD.due_range, CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.shelf, (SELECT ((total / 10)::integer)::integer FROM (SELECT (OLD).*) AS orders)) END)
            IS DISTINCT FROM
           (NEW.id, NEW.state, NEW.event, NEW.entered_at, NEW.actor, NEW.key, NEW.keyed, CASE WHEN OLD.total IS NULL AND CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.total, (SELECT (shelf * 10)::bigint FROM (SELECT (NEW).*) AS orders)) END IS NOT DISTINCT FROM (CASE WHEN NEW.state = 'reserved' THEN coalesce(NULL, (SELECT (shelf * 10)::bigint FROM (SELECT (NEW).*) AS orders)) END) THEN CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.total, (SELECT (shelf * 10)::bigint FROM (SELECT (OLD).*) AS orders)) END ELSE CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.total, (SELECT (shelf * 10)::bigint FROM (SELECT (NEW).*) AS orders)) END END, NEW.due_range, CASE WHEN OLD.shelf IS NULL AND CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.shelf, (SELECT ((total / 10)::integer)::integer FROM (SELECT (NEW).*) AS orders)) END IS NOT DISTINCT FROM (CASE WHEN NEW.state = 'reserved' THEN coalesce(NULL, (SELECT ((total / 10)::integer)::integer FROM (SELECT (NEW).*) AS orders)) END) THEN CASE WHEN OLD.state = 'reserved' THEN coalesce(OLD.shelf, (SELECT ((total / 10)::integer)::integer FROM (SELECT (OLD).*) AS orders)) END ELSE CASE WHEN NEW.state = 'reserved' THEN coalesce(NEW.shelf, (SELECT ((total / 10)::integer)::integer FROM (SELECT (NEW).*) AS orders)) END END) THEN
            PERFORM workflow.tolerate('order', OLD.id::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        RETURN NULL;
    ELSE
        step := OLD.state || '>' || NEW.event || '>' || NEW.state;
        IF NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id
            OR NEW.entered_at <> now()
            OR NOT (step = ANY (ARRAY['placed>reserve>reserved', 'reserved>deliver>delivered']))
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
        data := jsonb_build_object('total', NEW.total, 'due_range', NEW.due_range, 'shelf', NEW.shelf);
    END IF;
    IF TG_OP = 'INSERT' THEN
        data := coalesce(data, '{}') || jsonb_build_object('quantity', NEW.quantity, 'due', NEW.due);
    END IF;
    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    INSERT INTO public.orders_history (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.id, NEW.version, NEW.event, OLD.state, NEW.state, data,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.actor ELSE nullif(current_setting('workflow.actor', true), '') END,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.key END,
        CASE WHEN NEW.event IN ('force', 'migrate') THEN nullif(current_setting('workflow.note', true), '') END);
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
        WHERE NOT f.name = ANY (ARRAY['total', 'due_range', 'shelf']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', 'order', wrong);
    END IF;
    becomes := jsonb_populate_record(was, jsonb_build_object('due_range', NULL) || CASE WHEN orders_force.fields ? 'shelf' THEN '{}'::jsonb ELSE jsonb_build_object('total', NULL) END || CASE WHEN orders_force.fields ? 'total' THEN '{}'::jsonb ELSE jsonb_build_object('shelf', NULL) END || coalesce(orders_force.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce(orders_force.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ('order', was.state, 'force', orders_force.state, 'migrate');
    UPDATE public.orders o SET state = orders_force.state, event = 'force', version = o.version + 1, entered_at = now(),
        total = becomes.total,
        due_range = becomes.due_range,
        shelf = becomes.shelf
    WHERE o.id = orders_force.id RETURNING o.* INTO moved;
    DELETE FROM workflow.edges e
        WHERE e.workflow = 'order' AND e.event = 'force' AND e.from_state = was.state AND e.to_state = orders_force.state;
    PERFORM set_config('workflow.note', '', true);
    RETURN moved;
END
$$;

-- `reserve`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.orders_reserve(id uuid, total bigint, due_range integer) RETURNS public.orders
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
        total = orders_reserve.total,
        due_range = orders_reserve.due_range
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
        total = NULL,
        due_range = NULL,
        shelf = NULL
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
        GRANT EXECUTE ON FUNCTION public.orders_reserve(uuid, bigint, integer) TO workflow_app;
    END IF;
END
$$;

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = 'c20edae188d45f4811552d82c19d995d', model =
'{"facts":["edge placed>reserve>reserved","edge reserved>deliver>delivered","field due timestamptz null in all","field due_range integer in reserved","field id uuid in all","field quantity integer in all","field shelf integer in reserved","field total bigint in reserved","initial placed","state delivered","state placed","state reserved","table public.orders"],"supplied":["total","shelf"]}'
WHERE workflow = 'order';
