-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `unique_sku`. There is nothing to do.
SELECT 1;
