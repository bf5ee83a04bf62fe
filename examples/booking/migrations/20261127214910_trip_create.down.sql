-- The `trip` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE public.trips IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM public.trips;
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s rows, and their history would go with it', 'public.trips', rows),
            HINT = 'Delete them first, if they may go.';
    END IF;
END $$;

DROP VIEW public.trips_stuck;
DROP VIEW public.trips_timeline;

DROP TRIGGER trips_history_truncate ON public.trips_history;
DROP TRIGGER trips_history_update ON public.trips_history;
DROP TRIGGER trips_history_written ON public.trips_history;
DROP TRIGGER trips_truncate ON public.trips;
DROP TRIGGER trips_removed ON public.trips;
DROP TRIGGER trips_transition ON public.trips;

DROP FUNCTION public.trips_refunded(uuid);
DROP FUNCTION public.trips_give_up(uuid, text);
DROP FUNCTION public.trips_cancel_creation(uuid);
DROP FUNCTION public.trips_create_at(uuid, timestamptz, jsonb);
DROP FUNCTION public.trips_asked(jsonb);
DROP FUNCTION public.trips_force(uuid, text, jsonb, text);
DROP FUNCTION public.trips_history_written();
DROP FUNCTION public.trips_removed();
DROP FUNCTION public.trips_recorded(jsonb);
DROP FUNCTION public.trips_void(uuid, uuid);
DROP FUNCTION public.trips_done(uuid, uuid);
DROP FUNCTION public.trips_transition();

DROP TABLE public.trips_jobs;
DROP TABLE public.trips_history;

DROP TABLE public.trips;

DELETE FROM workflow.edges WHERE workflow = 'trip';
DELETE FROM workflow.models WHERE workflow = 'trip';
