-- The `account` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE public.accounts IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM public.accounts;
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s rows, and their history would go with it', 'public.accounts', rows),
            HINT = 'Delete them first, if they may go.';
    END IF;
END $$;

DROP VIEW public.accounts_stuck;
DROP VIEW public.accounts_timeline;

DROP TRIGGER accounts_history_truncate ON public.accounts_history;
DROP TRIGGER accounts_history_update ON public.accounts_history;
DROP TRIGGER accounts_history_written ON public.accounts_history;
DROP TRIGGER accounts_truncate ON public.accounts;
DROP TRIGGER accounts_removed ON public.accounts;
DROP TRIGGER accounts_transition ON public.accounts;

DROP FUNCTION public.accounts_close(uuid);
DROP FUNCTION public.accounts_join(uuid);
DROP FUNCTION public.accounts_pay(uuid, bigint);
DROP FUNCTION public.accounts_refuse(uuid);
DROP FUNCTION public.accounts_charged(uuid, uuid);
DROP FUNCTION public.accounts_charge(uuid, bigint);
DROP FUNCTION public.accounts_release(uuid);
DROP FUNCTION public.accounts_hold(uuid, bigint);
DROP FUNCTION public.accounts_wake(uuid);
DROP FUNCTION public.accounts_rest(uuid);
DROP FUNCTION public.accounts_renew(uuid);
DROP FUNCTION public.accounts_withdraw(uuid, bigint);
DROP FUNCTION public.accounts_cancel_creation(uuid);
DROP FUNCTION public.accounts_create_at(uuid, timestamptz, jsonb);
DROP FUNCTION public.accounts_asked(jsonb);
DROP FUNCTION public.accounts_force(uuid, text, jsonb, text);
DROP FUNCTION public.accounts_history_written();
DROP FUNCTION public.accounts_removed();
DROP FUNCTION public.accounts_recorded(jsonb);
DROP FUNCTION public.accounts_void(uuid, uuid);
DROP FUNCTION public.accounts_done(uuid, uuid);
DROP FUNCTION public.accounts_transition();
DROP FUNCTION public.accounts_effects(public.accounts, public.accounts);

DROP TABLE public.accounts_jobs;
DROP TABLE public.accounts_history;

DROP TABLE public.accounts;

DELETE FROM workflow.edges WHERE workflow = 'account';
DELETE FROM workflow.models WHERE workflow = 'account';
