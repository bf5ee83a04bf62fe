-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `require_failures_text`.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    ALTER failures_text DROP NOT NULL,
    ADD CONSTRAINT orders_failures_text_present CHECK (failures_text IS NOT NULL) NOT VALID;
