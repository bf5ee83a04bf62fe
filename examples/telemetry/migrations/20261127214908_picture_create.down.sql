-- The `picture` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE public.pictures IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM public.pictures;
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s rows, and their history would go with it', 'public.pictures', rows),
            HINT = 'Delete them first, if they may go.';
    END IF;
END $$;

DROP VIEW public.pictures_stuck;
DROP VIEW public.pictures_timeline;

DROP TRIGGER pictures_history_truncate ON public.pictures_history;
DROP TRIGGER pictures_history_update ON public.pictures_history;
DROP TRIGGER pictures_history_written ON public.pictures_history;
DROP TRIGGER pictures_truncate ON public.pictures;
DROP TRIGGER pictures_removed ON public.pictures;
DROP TRIGGER pictures_transition ON public.pictures;

DROP FUNCTION public.pictures_show(uuid, text);
DROP FUNCTION public.pictures_accept(uuid);
DROP FUNCTION public.pictures_cancel_creation(uuid);
DROP FUNCTION public.pictures_create_at(uuid, timestamptz, jsonb);
DROP FUNCTION public.pictures_asked(jsonb);
DROP FUNCTION public.pictures_force(uuid, text, jsonb, text);
DROP FUNCTION public.pictures_history_written();
DROP FUNCTION public.pictures_removed();
DROP FUNCTION public.pictures_recorded(jsonb);
DROP FUNCTION public.pictures_void(uuid, uuid);
DROP FUNCTION public.pictures_done(uuid, uuid);
DROP FUNCTION public.pictures_transition();

DROP TABLE public.pictures_jobs;
DROP TABLE public.pictures_history;

DROP TABLE public.pictures;

DELETE FROM workflow.edges WHERE workflow = 'picture';
DELETE FROM workflow.models WHERE workflow = 'picture';
