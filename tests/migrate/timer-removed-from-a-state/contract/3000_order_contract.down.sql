-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `contract`.

SET LOCAL lock_timeout = '2s';

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '1370f3e96d1c6c8f4cf7eaad8f338441', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","edge reserved>expire>cancelled","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';

INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode) VALUES
    ('order', 'reserved', 'expire', 'cancelled', 'warn');

-- `expire`, for any client: the same step as in the application, which has no part in it.
CREATE OR REPLACE FUNCTION public.orders_expire(id uuid) RETURNS public.orders
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.orders;
    stands text;
BEGIN
    UPDATE public.orders o SET
        state = 'cancelled',
        event = 'expire',
        version = o.version + 1,
        entered_at = now(),
        warehouse = CASE WHEN o.state = 'reserved' THEN NULL ELSE o.warehouse END,
        reason = 'not reserved in time'
    WHERE o.id = orders_expire.id AND o.state IN ('placed', 'reserved')
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.orders o WHERE o.id = orders_expire.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'orders',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'order', orders_expire.id, coalesce(stands, 'not there'), 'expire');
    END IF;
    RETURN moved;
END
$$;
