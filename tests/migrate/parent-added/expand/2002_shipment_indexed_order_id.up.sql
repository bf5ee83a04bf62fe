-- The `shipment` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- One that is not whole serves no query.

SET LOCAL lock_timeout = '2s';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indexrelid = to_regclass('public.shipments_order_id_parent') AND i.indisvalid) THEN
        RAISE EXCEPTION USING MESSAGE = format('the index %s is not whole', 'public.shipments_order_id_parent'),
            HINT = 'Drop it, and build it with the statement of the file before this one; then apply this file again.';
    END IF;
END
$$;
