-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `require_quantity_bigint`.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    ALTER quantity_bigint DROP NOT NULL,
    ADD CONSTRAINT orders_quantity_bigint_present CHECK (quantity_bigint IS NOT NULL) NOT VALID;
