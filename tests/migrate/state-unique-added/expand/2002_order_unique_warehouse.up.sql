-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Only a whole index proves anything.

SET LOCAL lock_timeout = '2s';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indexrelid = to_regclass('public.orders_warehouse_key') AND i.indisvalid) THEN
        RAISE EXCEPTION USING MESSAGE = format('the index %s is not whole', 'public.orders_warehouse_key'),
            HINT = 'Drop it, mend the rows that share a value, and build it with the statement of the file before this one; then apply this file again.';
    END IF;
END
$$;
