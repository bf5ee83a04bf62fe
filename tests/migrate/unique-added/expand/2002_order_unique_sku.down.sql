-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `unique_sku`.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders DROP CONSTRAINT orders_sku_key;
