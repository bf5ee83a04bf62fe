-- no-transaction
-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `index_sku`.

DROP INDEX CONCURRENTLY IF EXISTS public.orders_sku_key;
