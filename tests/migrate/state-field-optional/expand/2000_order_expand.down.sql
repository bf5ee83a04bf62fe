-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `expand`.

SET LOCAL lock_timeout = '2s';

DO $$
#variable_conflict use_column
DECLARE
    counted bigint;
BEGIN
    LOCK TABLE public.orders IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO counted FROM public.orders o WHERE o.state = 'reserved' AND o.warehouse IS NULL;
    IF counted > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s: %s rows have no warehouse, which the version before requires', 'public.orders', counted),
            HINT = 'Give them one first, with the function public.orders_force.';
    END IF;
END
$$;

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '56f63c0297b255139d6cc44112832d4a', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';

ALTER TABLE public.orders
    DROP CONSTRAINT orders_warehouse_2,
    ADD CONSTRAINT orders_warehouse_1 CHECK ((warehouse IS NOT NULL) = (state = 'reserved')) NOT VALID;

ALTER TABLE public.orders VALIDATE CONSTRAINT orders_warehouse_1;
