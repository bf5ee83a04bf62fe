-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `contract`.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    DROP CONSTRAINT orders_note_3,
    ADD CONSTRAINT orders_note_2 CHECK (state = ANY ('{on_hold,held}') OR note IS NULL) NOT VALID,
    DROP CONSTRAINT orders_state_3,
    ADD CONSTRAINT orders_state_2 CHECK (state = ANY ('{placed,reserved,on_hold,delivered,cancelled,held}')) NOT VALID;

ALTER TABLE public.orders VALIDATE CONSTRAINT orders_state_2;

ALTER TABLE public.orders VALIDATE CONSTRAINT orders_note_2;
