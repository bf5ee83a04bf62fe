-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- What the next version needs; what the version before needs stays.

SET LOCAL lock_timeout = '2s';

-- Binaries of two versions are at work: what one of them does not know is filled in, cleared, or kept in step for it.
CREATE FUNCTION public.orders_migrate() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $$
#variable_conflict use_column
BEGIN
    NEW.sku := coalesce(NEW.sku, 'none');
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION public.orders_migrate() FROM PUBLIC;

CREATE TRIGGER orders_migrate BEFORE INSERT OR UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.orders_migrate();

-- What was asked for as a row, by today's names: a field that came since has its default.
CREATE OR REPLACE FUNCTION public.orders_asked(fields jsonb) RETURNS public.orders
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.orders, jsonb_build_object('sku', 'none'::text) || orders_asked.fields);
END
$$;

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '56f63c0297b255139d6cc44112832d4a', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field sku text null in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"],"supplied":["sku"]}'
WHERE workflow = 'order';
