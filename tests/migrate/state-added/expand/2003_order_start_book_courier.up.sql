-- no-transaction
-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Instances that are in the state already get the activity book_courier too.

DO $$
#variable_conflict use_column
DECLARE
    workflow_batch uuid[];
    workflow_last uuid;
    workflow_failures integer := 0;
    workflow_older text[];
BEGIN
    -- A transaction that wrote before the functions changed goes on with the old ones, and nobody sees yet what it did. It is
    -- waited for without a lock: nobody queues behind this.
    LOOP
        SELECT array_agg(l.virtualtransaction) INTO workflow_older FROM pg_locks l
        WHERE l.locktype = 'relation' AND l.relation = 'public.orders'::regclass AND l.mode = 'RowExclusiveLock' AND l.granted
            AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
            AND l.pid IS DISTINCT FROM pg_backend_pid() AND (workflow_older IS NULL OR l.virtualtransaction = ANY (workflow_older));
        EXIT WHEN workflow_older IS NULL;
        workflow_failures := workflow_failures + 1;
        IF workflow_failures >= 600 THEN
            RAISE EXCEPTION USING ERRCODE = 'lock_not_available',
                MESSAGE = format('%s: a transaction that wrote to it before this file began is still open', 'public.orders'),
                HINT = 'End it, or let it end (pg_stat_activity tells which it is); then apply this file again.';
        END IF;
        COMMIT;
        PERFORM pg_sleep(0.05);
    END LOOP;
    workflow_failures := 0;
    LOOP
        IF workflow_last IS NULL THEN
            SELECT array_agg(b.id ORDER BY b.id) INTO workflow_batch
            FROM (SELECT o.id AS id FROM public.orders o WHERE o.state = 'reserved' ORDER BY o.id LIMIT 1000) b;
        ELSE
            SELECT array_agg(b.id ORDER BY b.id) INTO workflow_batch
            FROM (SELECT o.id AS id FROM public.orders o WHERE o.id > workflow_last AND (o.state = 'reserved') ORDER BY o.id LIMIT 1000) b;
        END IF;
        EXIT WHEN workflow_batch IS NULL;
        -- A row that somebody holds is not waited for while others are locked: nobody queues behind this batch.
        BEGIN
            PERFORM set_config('lock_timeout', '100ms', true);
            PERFORM FROM public.orders o WHERE o.id = ANY (workflow_batch) ORDER BY o.id FOR NO KEY UPDATE;
            INSERT INTO public.orders_jobs (id, version, job, kind, run_at)
            SELECT o.id, o.version, 'book_courier', 'activity', now() FROM public.orders o
            WHERE o.id = ANY (workflow_batch) AND o.state = 'reserved' AND now() IS NOT NULL
                AND NOT EXISTS (SELECT FROM public.orders_jobs j WHERE j.id = o.id AND j.kind = 'activity' AND j.job = 'book_courier')
                -- What has fired in this stay does not begin again, also when this file is applied a second time.
                AND NOT ('activity' IN ('timer', 'join') AND EXISTS
                    (SELECT FROM public.orders_history h WHERE h.id = o.id AND h.event = 'book_courier' AND h.at > o.entered_at));
            workflow_last := workflow_batch[cardinality(workflow_batch)];
            workflow_failures := 0;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            workflow_failures := workflow_failures + 1;
            IF workflow_failures >= 300 THEN
                RAISE;
            END IF;
            PERFORM pg_sleep(0.05);
        END;
        COMMIT;
    END LOOP;
END
$$;
