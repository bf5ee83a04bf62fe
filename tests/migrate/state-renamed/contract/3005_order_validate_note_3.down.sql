-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `validate_note_3`. There is nothing to do.
SELECT 1;
