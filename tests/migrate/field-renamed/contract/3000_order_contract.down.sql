-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `contract`.

SET LOCAL lock_timeout = '2s';

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = 'e99332680fd4ff87a1bb06158f5f048f', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field article text in all","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"],"supplied":["article","sku"]}'
WHERE workflow = 'order';

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
                RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'orders',
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
        data := coalesce(data, '{}') || jsonb_build_object('article', NEW.article, 'quantity', NEW.quantity, 'sku', NEW.sku);
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
        WHERE NOT f.name = ANY (ARRAY['article', 'quantity', 'sku']);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s %s: creation knows no %s', 'order', orders_create_at.id, wrong);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM unnest(ARRAY['quantity']) AS f (name)
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

-- Binaries of two versions are at work: what one of them does not know is filled in, cleared, or kept in step for it.
CREATE FUNCTION public.orders_migrate() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
#variable_conflict use_column
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.sku IS DISTINCT FROM OLD.sku AND NEW.article IS NOT DISTINCT FROM OLD.article THEN
        NEW.article := NEW.sku;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.article IS DISTINCT FROM OLD.article AND NEW.sku IS NOT DISTINCT FROM OLD.sku THEN
        NEW.sku := NEW.article;
    END IF;
    NEW.article := coalesce(NEW.article, NEW.sku);
    NEW.sku := coalesce(NEW.sku, NEW.article);
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION public.orders_migrate() FROM PUBLIC;

ALTER TABLE public.orders
    ADD COLUMN sku text,
    DROP CONSTRAINT orders_article_present;

CREATE TRIGGER orders_migrate BEFORE INSERT OR UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.orders_migrate();

UPDATE public.orders o SET id = o.id;

ALTER TABLE public.orders ALTER sku SET NOT NULL;
