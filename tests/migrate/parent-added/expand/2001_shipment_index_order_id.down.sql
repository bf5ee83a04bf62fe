-- no-transaction
-- The `shipment` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `index_order_id`.

DROP INDEX CONCURRENTLY IF EXISTS public.shipments_order_id_parent;
