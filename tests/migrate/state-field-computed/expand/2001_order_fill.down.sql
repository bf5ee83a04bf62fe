-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Nothing takes back `fill`: what it did to rows stays.
SELECT 1;
