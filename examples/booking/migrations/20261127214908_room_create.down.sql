-- The `room` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE public.rooms IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM public.rooms;
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s rows, and their history would go with it', 'public.rooms', rows),
            HINT = 'Delete them first, if they may go.';
    END IF;
END $$;

DROP VIEW public.rooms_stuck;
DROP VIEW public.rooms_timeline;

DROP TRIGGER rooms_history_truncate ON public.rooms_history;
DROP TRIGGER rooms_history_update ON public.rooms_history;
DROP TRIGGER rooms_history_written ON public.rooms_history;
DROP TRIGGER rooms_truncate ON public.rooms;
DROP TRIGGER rooms_removed ON public.rooms;
DROP TRIGGER rooms_transition ON public.rooms;

DROP FUNCTION public.rooms_release(uuid);
DROP FUNCTION public.rooms_confirm(uuid);
DROP FUNCTION public.rooms_cancel_creation(uuid);
DROP FUNCTION public.rooms_create_at(uuid, timestamptz, jsonb);
DROP FUNCTION public.rooms_asked(jsonb);
DROP FUNCTION public.rooms_force(uuid, text, jsonb, text);
DROP FUNCTION public.rooms_history_written();
DROP FUNCTION public.rooms_removed();
DROP FUNCTION public.rooms_recorded(jsonb);
DROP FUNCTION public.rooms_void(uuid, uuid);
DROP FUNCTION public.rooms_done(uuid, uuid);
DROP FUNCTION public.rooms_transition();
DROP FUNCTION public.rooms_effects(public.rooms, public.rooms);

DROP TABLE public.rooms_jobs;
DROP TABLE public.rooms_history;

DROP TABLE public.rooms;

DELETE FROM workflow.edges WHERE workflow = 'room';
DELETE FROM workflow.models WHERE workflow = 'room';
