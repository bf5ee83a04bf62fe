-- The `account` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.

SET LOCAL lock_timeout = '5s';

-- What the table was adopted with still says what it said then: where its rows are now is known here alone.
DO $$
DECLARE
    steps bigint;
BEGIN
    LOCK TABLE public.accounts IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO steps FROM public.accounts_history h WHERE h.event <> 'adopt';
    IF steps > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s steps since the adoption: with it the states of their rows would go', 'public.accounts_history', steps),
            HINT = 'Write the states into a column of your own and copy what is to be kept; then ALTER TABLE public.accounts_history DISABLE TRIGGER USER; TRUNCATE public.accounts_history; and apply this file again.';
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

DROP FUNCTION public.accounts_checked(bigint);
DROP FUNCTION public.accounts_forget(bigint);
DROP FUNCTION public.accounts_close(bigint, text);
DROP FUNCTION public.accounts_activate(bigint, date);
DROP FUNCTION public.accounts_cancel_creation(bigint);
DROP FUNCTION public.accounts_create_at(bigint, timestamptz, jsonb);
DROP FUNCTION public.accounts_asked(jsonb);
DROP FUNCTION public.accounts_force(bigint, text, jsonb, text);
DROP FUNCTION public.accounts_history_written();
DROP FUNCTION public.accounts_removed();
DROP FUNCTION public.accounts_recorded(jsonb);
DROP FUNCTION public.accounts_void(bigint, uuid);
DROP FUNCTION public.accounts_done(bigint, uuid);
DROP FUNCTION public.accounts_transition();

DROP TABLE public.accounts_jobs;
DROP TABLE public.accounts_history;

ALTER TABLE public.accounts DROP CONSTRAINT accounts_state_1;
ALTER TABLE public.accounts DROP CONSTRAINT accounts_since_1;
ALTER TABLE public.accounts DROP CONSTRAINT accounts_why_1;
ALTER TABLE public.accounts DROP CONSTRAINT accounts_since_range_1;
DROP INDEX public.accounts_why_key;

-- Only the columns that the adoption added, as their comments say.
DO $$
DECLARE
    of regclass := 'public.accounts'::regclass;
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
            'state',
            'event',
            'version',
            'entered_at',
            'actor',
            'key',
            'keyed',
            'since',
            'why'] LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = of AND a.attname = name AND NOT a.attisdropped
                   AND col_description(of, a.attnum) = 'added by the workflow account') THEN
            EXECUTE format('ALTER TABLE %s DROP COLUMN %I', of, name);
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = 'workflow_app') THEN
        REVOKE SELECT, INSERT, UPDATE ON public.accounts FROM workflow_app;
    END IF;
END
$$;

DELETE FROM workflow.edges WHERE workflow = 'account';
DELETE FROM workflow.models WHERE workflow = 'account';
