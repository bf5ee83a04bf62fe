-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Only for when no binary of the version before runs any more: takes away what only they needed.

SET LOCAL lock_timeout = '2s';

DO $$
DECLARE
    pending text;
BEGIN
    SELECT string_agg(format('%s of the %s %s', left_over.jobs, left_over.kind, left_over.job), ', ' ORDER BY left_over.job) INTO pending
    FROM (SELECT j.kind, j.job, count(*) AS jobs FROM public.orders_jobs j
          WHERE j.finished_at IS NULL AND (j.kind, j.job) IN (('timer', 'expire'))
          GROUP BY j.kind, j.job) left_over;
    IF pending IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has work that no newer binary carries out: %s', 'public.orders_jobs', pending),
            HINT = 'Let the version before finish it, or delete these rows if it is not to be done; then apply this file again.';
    END IF;
END $$;

DROP FUNCTION public.orders_expire(uuid);

DROP FUNCTION public.orders_deliver(uuid);

DELETE FROM workflow.edges WHERE workflow = 'order' AND (from_state, event, to_state) IN (
    ('reserved', 'deliver', 'delivered'),
    ('placed', 'expire', 'cancelled'));

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '05cbdf8409493502f00736bd7a389a33', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>lapse>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>hand_over>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';
