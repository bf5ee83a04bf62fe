-- The `claim` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE public.claims IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM public.claims;
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s rows, and their history would go with it', 'public.claims', rows),
            HINT = 'Delete them first, if they may go.';
    END IF;
END $$;

DROP VIEW public.claims_stuck;
DROP VIEW public.claims_timeline;

DROP TRIGGER claims_history_truncate ON public.claims_history;
DROP TRIGGER claims_history_update ON public.claims_history;
DROP TRIGGER claims_history_written ON public.claims_history;
DROP TRIGGER claims_truncate ON public.claims;
DROP TRIGGER claims_removed ON public.claims;
DROP TRIGGER claims_transition ON public.claims;

DROP FUNCTION public.claims_pay(uuid, text);
DROP FUNCTION public.claims_assign(uuid, text, timestamptz);
DROP FUNCTION public.claims_cancel_creation(uuid);
DROP FUNCTION public.claims_create_at(uuid, timestamptz, jsonb);
DROP FUNCTION public.claims_asked(jsonb);
DROP FUNCTION public.claims_force(uuid, text, jsonb, text);
DROP FUNCTION public.claims_history_written();
DROP FUNCTION public.claims_removed();
DROP FUNCTION public.claims_recorded(jsonb);
DROP FUNCTION public.claims_void(uuid, uuid);
DROP FUNCTION public.claims_done(uuid, uuid);
DROP FUNCTION public.claims_transition();

DROP TABLE public.claims_jobs;
DROP TABLE public.claims_history;

DROP TABLE public.claims;

DELETE FROM workflow.edges WHERE workflow = 'claim';
DELETE FROM workflow.models WHERE workflow = 'claim';
