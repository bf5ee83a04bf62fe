-- The `part` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE public.parts IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM public.parts;
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s rows, and their history would go with it', 'public.parts', rows),
            HINT = 'Delete them first, if they may go.';
    END IF;
END $$;

DROP VIEW public.parts_stuck;
DROP VIEW public.parts_timeline;

DROP TRIGGER parts_history_truncate ON public.parts_history;
DROP TRIGGER parts_history_update ON public.parts_history;
DROP TRIGGER parts_history_written ON public.parts_history;
DROP TRIGGER parts_truncate ON public.parts;
DROP TRIGGER parts_removed ON public.parts;
DROP TRIGGER parts_transition ON public.parts;

DROP FUNCTION public.parts_finish(uuid);
DROP FUNCTION public.parts_cancel_creation(uuid);
DROP FUNCTION public.parts_create_at(uuid, timestamptz, jsonb);
DROP FUNCTION public.parts_asked(jsonb);
DROP FUNCTION public.parts_force(uuid, text, jsonb, text);
DROP FUNCTION public.parts_history_written();
DROP FUNCTION public.parts_removed();
DROP FUNCTION public.parts_recorded(jsonb);
DROP FUNCTION public.parts_void(uuid, uuid);
DROP FUNCTION public.parts_done(uuid, uuid);
DROP FUNCTION public.parts_transition();
DROP FUNCTION public.parts_effects(public.parts, public.parts);

DROP TABLE public.parts_jobs;
DROP TABLE public.parts_history;

DROP TABLE public.parts;

DELETE FROM workflow.edges WHERE workflow = 'part';
DELETE FROM workflow.models WHERE workflow = 'part';
