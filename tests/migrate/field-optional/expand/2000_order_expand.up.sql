-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- What the next version needs; what the version before needs stays.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    ALTER sku DROP NOT NULL;

-- Binaries of two versions are at work: what one of them does not know is filled in, cleared, or kept in step for it.
CREATE FUNCTION public.orders_migrate() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
#variable_conflict use_column
BEGIN
    NEW.sku := coalesce(NEW.sku, 'tea');
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION public.orders_migrate() FROM PUBLIC;

CREATE TRIGGER orders_migrate BEFORE INSERT OR UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.orders_migrate();

-- What was asked for as a row, by today's names: a field that came since has its default.
CREATE OR REPLACE FUNCTION public.orders_asked(fields jsonb) RETURNS public.orders
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.orders, jsonb_build_object('sku', 'tea'::text) || orders_asked.fields);
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
        WHERE NOT f.name = ANY (ARRAY['sku', 'quantity']);
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

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '61801e4db591a219c462e3a83c78de21', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field sku text null in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"],"supplied":["sku"]}'
WHERE workflow = 'order';
