-- no-transaction
-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes two scans, and blocks neither readers nor writers.

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS orders_sku_key ON public.orders (sku);
