-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Only a whole index proves anything.

SET LOCAL lock_timeout = '2s';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indexrelid = to_regclass('public.orders_sku_key') AND i.indisvalid) THEN
        RAISE EXCEPTION USING MESSAGE = format('the index %s is not whole', 'public.orders_sku_key'),
            HINT = 'Drop it, mend the rows that share a value, and build it with the statement of the file before this one; then apply this file again.';
    END IF;
    -- What takes this file back leaves the constraint, since its index goes with it: the file before this one takes both.
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.conindid = to_regclass('public.orders_sku_key')) THEN
        ALTER TABLE public.orders ADD CONSTRAINT orders_sku_key UNIQUE USING INDEX orders_sku_key;
    END IF;
END
$$;
