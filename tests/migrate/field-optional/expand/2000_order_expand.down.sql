-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `expand`.

SET LOCAL lock_timeout = '2s';

DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE public.orders IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM public.orders o WHERE o.sku IS NULL;
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s: %s rows have no sku, which the version before requires', 'public.orders', rows),
            HINT = 'Give them one first: UPDATE public.orders …';
    END IF;
END
$$;

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '1370f3e96d1c6c8f4cf7eaad8f338441', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';

ALTER TABLE public.orders
    ALTER sku SET NOT NULL;
