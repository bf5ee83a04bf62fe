-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `contract`.

SET LOCAL lock_timeout = '2s';

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '05cbdf8409493502f00736bd7a389a33', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>lapse>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","edge reserved>hand_over>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';

INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode) VALUES
    ('order', 'reserved', 'deliver', 'delivered', 'warn'),
    ('order', 'placed', 'expire', 'cancelled', 'warn');

-- `deliver`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.orders_deliver(id uuid) RETURNS public.orders
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
        warehouse = NULL
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

-- `expire`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.orders_expire(id uuid) RETURNS public.orders
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
        reason = 'not reserved in time'
    WHERE o.id = orders_expire.id AND o.state = 'placed'
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

-- Rights go to the group roles, where there are such: an application's own role is made a member of one.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname IN ('workflow_app', 'workflow_worker', 'workflow_operator')) = 3 THEN
        GRANT EXECUTE ON FUNCTION public.orders_deliver(uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION public.orders_expire(uuid) TO workflow_app;
    END IF;
END
$$;
