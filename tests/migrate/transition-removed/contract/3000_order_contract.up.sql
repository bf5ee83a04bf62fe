-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Only for when no binary of the version before runs any more: takes away what only they needed.

SET LOCAL lock_timeout = '2s';

-- `cancel`, for any client: the same step as in the application, which has no part in it.
CREATE OR REPLACE FUNCTION public.orders_cancel(id uuid, reason text) RETURNS public.orders
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moved public.orders;
    stands text;
BEGIN
    UPDATE public.orders o SET
        state = 'cancelled',
        event = 'cancel',
        version = o.version + 1,
        entered_at = now(),
        reason = orders_cancel.reason
    WHERE o.id = orders_cancel.id AND o.state = 'placed'
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM public.orders o WHERE o.id = orders_cancel.id;
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = 'orders',
            MESSAGE = format('%s %s is %s: %s is not possible',
                             'order', orders_cancel.id, coalesce(stands, 'not there'), 'cancel');
    END IF;
    RETURN moved;
END
$$;

DELETE FROM workflow.edges WHERE workflow = 'order' AND (from_state, event, to_state) IN (
    ('reserved', 'cancel', 'cancelled'));

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '5671c504e6d3701a18e632b3c930f3c5', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>deliver>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';
