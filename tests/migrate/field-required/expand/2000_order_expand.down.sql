-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `expand`.

SET LOCAL lock_timeout = '2s';

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '61801e4db591a219c462e3a83c78de21', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text null in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';

-- What was asked for as a row, by today's names: a field that came since has its default.
CREATE OR REPLACE FUNCTION public.orders_asked(fields jsonb) RETURNS public.orders
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::public.orders, orders_asked.fields);
END
$$;

DROP TRIGGER orders_migrate ON public.orders;

DROP FUNCTION public.orders_migrate();
