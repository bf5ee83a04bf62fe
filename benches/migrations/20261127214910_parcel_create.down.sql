-- The `parcel` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE public.parcels IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM public.parcels;
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s rows, and their history would go with it', 'public.parcels', rows),
            HINT = 'Delete them first, if they may go.';
    END IF;
END $$;

DROP VIEW public.parcels_stuck;
DROP VIEW public.parcels_timeline;

DROP TRIGGER parcels_history_truncate ON public.parcels_history;
DROP TRIGGER parcels_history_update ON public.parcels_history;
DROP TRIGGER parcels_history_written ON public.parcels_history;
DROP TRIGGER parcels_truncate ON public.parcels;
DROP TRIGGER parcels_removed ON public.parcels;
DROP TRIGGER parcels_transition ON public.parcels;

DROP FUNCTION public.parcels_lose(bigint);
DROP FUNCTION public.parcels_stop(bigint);
DROP FUNCTION public.parcels_send(bigint, text);
DROP FUNCTION public.parcels_cancel_creation(bigint);
DROP FUNCTION public.parcels_create_at(bigint, timestamptz, jsonb);
DROP FUNCTION public.parcels_asked(jsonb);
DROP FUNCTION public.parcels_force(bigint, text, jsonb, text);
DROP FUNCTION public.parcels_history_written();
DROP FUNCTION public.parcels_removed();
DROP FUNCTION public.parcels_recorded(jsonb);
DROP FUNCTION public.parcels_void(bigint, uuid);
DROP FUNCTION public.parcels_done(bigint, uuid);
DROP FUNCTION public.parcels_transition();

DROP TABLE public.parcels_jobs;
DROP TABLE public.parcels_history;

DROP TABLE public.parcels;

DELETE FROM workflow.edges WHERE workflow = 'parcel';
DELETE FROM workflow.models WHERE workflow = 'parcel';
