-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `contract`.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    ALTER gift SET DEFAULT 'none';
