-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `require_found_number`.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    ALTER found_number DROP NOT NULL,
    ADD CONSTRAINT orders_found_number_present CHECK (found_number IS NOT NULL) NOT VALID;
