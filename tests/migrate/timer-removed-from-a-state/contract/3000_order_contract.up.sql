-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Only for when no binary of the version before runs any more: takes away what only they needed.

SET LOCAL lock_timeout = '2s';

DO $$
DECLARE
    pending text;
BEGIN
    SELECT string_agg(format('%s of the %s %s', left_over.jobs, left_over.kind, left_over.job), ', ' ORDER BY left_over.job) INTO pending
    FROM (SELECT j.kind, j.job, count(*) AS jobs FROM public.orders_jobs j
          WHERE j.finished_at IS NULL AND (j.kind, j.job) = ('timer', 'expire') AND EXISTS (SELECT FROM public.orders o WHERE o.id = j.id AND o.state = 'reserved')
          GROUP BY j.kind, j.job) left_over;
    IF pending IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has work that no newer binary carries out: %s', 'public.orders_jobs', pending),
            HINT = 'Let the version before finish it, or delete these rows if it is not to be done; then apply this file again.';
    END IF;
END $$;

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

DELETE FROM workflow.edges WHERE workflow = 'order' AND (from_state, event, to_state) IN (
    ('reserved', 'expire', 'cancelled'));

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '1370f3e96d1c6c8f4cf7eaad8f338441', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';
