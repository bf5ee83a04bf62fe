-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- The constraint has proven it: no row is read again.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders ALTER remark SET NOT NULL;

ALTER TABLE public.orders DROP CONSTRAINT orders_remark_present;
