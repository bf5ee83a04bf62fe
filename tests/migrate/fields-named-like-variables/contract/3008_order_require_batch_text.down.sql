-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `require_batch_text`.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    ALTER batch_text DROP NOT NULL,
    ADD CONSTRAINT orders_batch_text_present CHECK (batch_text IS NOT NULL) NOT VALID;
