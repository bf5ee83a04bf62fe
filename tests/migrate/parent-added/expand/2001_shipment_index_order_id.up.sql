-- no-transaction
-- The `shipment` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes two scans, and blocks neither readers nor writers.

CREATE INDEX CONCURRENTLY IF NOT EXISTS shipments_order_id_parent ON public.shipments (order_id);
