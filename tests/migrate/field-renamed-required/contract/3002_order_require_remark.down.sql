-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `require_remark`.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    ALTER remark DROP NOT NULL,
    ADD CONSTRAINT orders_remark_present CHECK (remark IS NOT NULL) NOT VALID;
