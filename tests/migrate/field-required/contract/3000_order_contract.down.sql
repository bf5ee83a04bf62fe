-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `contract`.

SET LOCAL lock_timeout = '2s';

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '56f63c0297b255139d6cc44112832d4a', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field sku text null in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"],"supplied":["sku"]}'
WHERE workflow = 'order';

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

ALTER TABLE public.orders
    DROP CONSTRAINT orders_sku_present;

CREATE TRIGGER orders_migrate BEFORE INSERT OR UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.orders_migrate();
