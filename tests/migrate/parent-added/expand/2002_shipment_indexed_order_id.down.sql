-- The `shipment` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `indexed_order_id`. There is nothing to do.
SELECT 1;
