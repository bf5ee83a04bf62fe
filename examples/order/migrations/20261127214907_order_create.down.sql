-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE public.orders IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM public.orders;
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s rows, and their history would go with it', 'public.orders', rows),
            HINT = 'Delete them first, if they may go.';
    END IF;
END $$;

DROP VIEW public.orders_stuck;
DROP VIEW public.orders_timeline;

DROP TRIGGER orders_history_truncate ON public.orders_history;
DROP TRIGGER orders_history_update ON public.orders_history;
DROP TRIGGER orders_history_written ON public.orders_history;
DROP TRIGGER orders_truncate ON public.orders;
DROP TRIGGER orders_removed ON public.orders;
DROP TRIGGER orders_transition ON public.orders;

DROP FUNCTION public.orders_change_quantity(uuid, integer);
DROP FUNCTION public.orders_expire(uuid);
DROP FUNCTION public.orders_deliver(uuid);
DROP FUNCTION public.orders_cancel_creation(uuid);
DROP FUNCTION public.orders_create_at(uuid, timestamptz, jsonb);
DROP FUNCTION public.orders_asked(jsonb);
DROP FUNCTION public.orders_force(uuid, text, jsonb, text);
DROP FUNCTION public.orders_history_written();
DROP FUNCTION public.orders_removed();
DROP FUNCTION public.orders_recorded(jsonb);
DROP FUNCTION public.orders_void(uuid, uuid);
DROP FUNCTION public.orders_done(uuid, uuid);
DROP FUNCTION public.orders_transition();
DROP FUNCTION public.orders_effects(public.orders, public.orders);

DROP TABLE public.orders_jobs;
DROP TABLE public.orders_history;

DROP TABLE public.orders;

DELETE FROM workflow.edges WHERE workflow = 'order';
DELETE FROM workflow.models WHERE workflow = 'order';
