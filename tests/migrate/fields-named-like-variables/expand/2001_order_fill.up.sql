-- no-transaction
-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Rows from before pass through the trigger that settles them.

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
            FROM (SELECT o.id AS id FROM public.orders o WHERE o.batch_text IS DISTINCT FROM coalesce(o.batch_text, (SELECT batch::text FROM (SELECT (o).*) AS orders)) OR o.failures_text IS DISTINCT FROM coalesce(o.failures_text, (SELECT failures::text FROM (SELECT (o).*) AS orders)) OR o.found_number IS DISTINCT FROM coalesce(o.found_number, (SELECT (found::integer)::integer FROM (SELECT (o).*) AS orders)) OR o.batch IS DISTINCT FROM coalesce(o.batch, (SELECT batch_text::integer FROM (SELECT (o).*) AS orders)) OR o.failures IS DISTINCT FROM coalesce(o.failures, (SELECT failures_text::integer FROM (SELECT (o).*) AS orders)) OR o.found IS DISTINCT FROM coalesce(o.found, (SELECT (found_number = 1)::boolean FROM (SELECT (o).*) AS orders)) OR o.note_text IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.note_text, (SELECT note::text FROM (SELECT (o).*) AS orders)) END OR o.data_text IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.data_text, o.data) END OR o.step_long IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.step_long, (SELECT (step + 1)::bigint FROM (SELECT (o).*) AS orders)) END OR o.was_text IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.was_text, (SELECT was::text FROM (SELECT (o).*) AS orders)) END OR o.note IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.note, (SELECT note_text::integer FROM (SELECT (o).*) AS orders)) END OR o.data IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.data, o.data_text) END OR o.step IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.step, (SELECT ((step_long - 1)::integer)::integer FROM (SELECT (o).*) AS orders)) END OR o.was IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.was, (SELECT was_text::integer FROM (SELECT (o).*) AS orders)) END ORDER BY o.id LIMIT 1000) b;
        ELSE
            SELECT array_agg(b.id ORDER BY b.id) INTO workflow_batch
            FROM (SELECT o.id AS id FROM public.orders o WHERE o.id > workflow_last AND (o.batch_text IS DISTINCT FROM coalesce(o.batch_text, (SELECT batch::text FROM (SELECT (o).*) AS orders)) OR o.failures_text IS DISTINCT FROM coalesce(o.failures_text, (SELECT failures::text FROM (SELECT (o).*) AS orders)) OR o.found_number IS DISTINCT FROM coalesce(o.found_number, (SELECT (found::integer)::integer FROM (SELECT (o).*) AS orders)) OR o.batch IS DISTINCT FROM coalesce(o.batch, (SELECT batch_text::integer FROM (SELECT (o).*) AS orders)) OR o.failures IS DISTINCT FROM coalesce(o.failures, (SELECT failures_text::integer FROM (SELECT (o).*) AS orders)) OR o.found IS DISTINCT FROM coalesce(o.found, (SELECT (found_number = 1)::boolean FROM (SELECT (o).*) AS orders)) OR o.note_text IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.note_text, (SELECT note::text FROM (SELECT (o).*) AS orders)) END OR o.data_text IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.data_text, o.data) END OR o.step_long IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.step_long, (SELECT (step + 1)::bigint FROM (SELECT (o).*) AS orders)) END OR o.was_text IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.was_text, (SELECT was::text FROM (SELECT (o).*) AS orders)) END OR o.note IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.note, (SELECT note_text::integer FROM (SELECT (o).*) AS orders)) END OR o.data IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.data, o.data_text) END OR o.step IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.step, (SELECT ((step_long - 1)::integer)::integer FROM (SELECT (o).*) AS orders)) END OR o.was IS DISTINCT FROM CASE WHEN o.state = 'reserved' THEN coalesce(o.was, (SELECT was_text::integer FROM (SELECT (o).*) AS orders)) END) ORDER BY o.id LIMIT 1000) b;
        END IF;
        EXIT WHEN workflow_batch IS NULL;
        -- A row that somebody holds is not waited for while others are locked: nobody queues behind this batch.
        BEGIN
            PERFORM set_config('lock_timeout', '100ms', true);
            PERFORM FROM public.orders o WHERE o.id = ANY (workflow_batch) ORDER BY o.id FOR NO KEY UPDATE;
            UPDATE public.orders o SET id = o.id WHERE o.id = ANY (workflow_batch);
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
