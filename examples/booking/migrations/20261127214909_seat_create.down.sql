-- The `seat` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE public.seats IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM public.seats;
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s rows, and their history would go with it', 'public.seats', rows),
            HINT = 'Delete them first, if they may go.';
    END IF;
END $$;

DROP VIEW public.seats_stuck;
DROP VIEW public.seats_timeline;

DROP TRIGGER seats_history_truncate ON public.seats_history;
DROP TRIGGER seats_history_update ON public.seats_history;
DROP TRIGGER seats_history_written ON public.seats_history;
DROP TRIGGER seats_truncate ON public.seats;
DROP TRIGGER seats_removed ON public.seats;
DROP TRIGGER seats_transition ON public.seats;

DROP FUNCTION public.seats_release(uuid);
DROP FUNCTION public.seats_confirm(uuid);
DROP FUNCTION public.seats_cancel_creation(uuid);
DROP FUNCTION public.seats_create_at(uuid, timestamptz, jsonb);
DROP FUNCTION public.seats_asked(jsonb);
DROP FUNCTION public.seats_force(uuid, text, jsonb, text);
DROP FUNCTION public.seats_history_written();
DROP FUNCTION public.seats_removed();
DROP FUNCTION public.seats_recorded(jsonb);
DROP FUNCTION public.seats_void(uuid, uuid);
DROP FUNCTION public.seats_done(uuid, uuid);
DROP FUNCTION public.seats_transition();
DROP FUNCTION public.seats_effects(public.seats, public.seats);

DROP TABLE public.seats_jobs;
DROP TABLE public.seats_history;

DROP TABLE public.seats;

DELETE FROM workflow.edges WHERE workflow = 'seat';
DELETE FROM workflow.models WHERE workflow = 'seat';
