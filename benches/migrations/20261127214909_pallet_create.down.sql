-- The `pallet` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE public.pallets IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM public.pallets;
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s rows, and their history would go with it', 'public.pallets', rows),
            HINT = 'Delete them first, if they may go.';
    END IF;
END $$;

DROP VIEW public.pallets_stuck;
DROP VIEW public.pallets_timeline;

DROP TRIGGER pallets_history_truncate ON public.pallets_history;
DROP TRIGGER pallets_history_update ON public.pallets_history;
DROP TRIGGER pallets_history_written ON public.pallets_history;
DROP TRIGGER pallets_truncate ON public.pallets;
DROP TRIGGER pallets_removed ON public.pallets;
DROP TRIGGER pallets_transition ON public.pallets;

DROP FUNCTION public.pallets_lose(bigint);
DROP FUNCTION public.pallets_stop(bigint);
DROP FUNCTION public.pallets_send(bigint, text);
DROP FUNCTION public.pallets_cancel_creation(bigint);
DROP FUNCTION public.pallets_create_at(bigint, timestamptz, jsonb);
DROP FUNCTION public.pallets_asked(jsonb);
DROP FUNCTION public.pallets_force(bigint, text, jsonb, text);
DROP FUNCTION public.pallets_history_written();
DROP FUNCTION public.pallets_removed();
DROP FUNCTION public.pallets_recorded(jsonb);
DROP FUNCTION public.pallets_void(bigint, uuid);
DROP FUNCTION public.pallets_done(bigint, uuid);
DROP FUNCTION public.pallets_transition();
DROP FUNCTION public.pallets_effects(public.pallets, public.pallets);

DROP TABLE public.pallets_jobs;
DROP TABLE public.pallets_history;

DROP TABLE public.pallets;

DELETE FROM workflow.edges WHERE workflow = 'pallet';
DELETE FROM workflow.models WHERE workflow = 'pallet';
