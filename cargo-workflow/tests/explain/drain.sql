-- no-transaction
DO $$
BEGIN
    LOOP
        UPDATE public.orders SET state = 'placed' WHERE id IN (SELECT id FROM public.orders WHERE state = 'held' LIMIT 1000);
        EXIT WHEN NOT FOUND;
        COMMIT;
    END LOOP;
END
$$;
