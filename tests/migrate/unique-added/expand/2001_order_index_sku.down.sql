-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `index_sku`.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders DROP CONSTRAINT IF EXISTS orders_sku_key;

DROP INDEX IF EXISTS public.orders_sku_key;
