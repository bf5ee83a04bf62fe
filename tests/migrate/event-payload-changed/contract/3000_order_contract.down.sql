-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `contract`.

SET LOCAL lock_timeout = '2s';

-- `cancel`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION public.orders_cancel(id uuid, reason text) RETURNS public.orders
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
        warehouse = NULL,
        reason = orders_cancel.reason
    WHERE o.id = orders_cancel.id AND o.state IN ('placed', 'reserved')
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

-- Rights go to the group roles, where there are such: an application's own role is made a member of one.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname IN ('workflow_app', 'workflow_worker', 'workflow_operator')) = 3 THEN
        GRANT EXECUTE ON FUNCTION public.orders_cancel(uuid, text) TO workflow_app;
    END IF;
END
$$;
