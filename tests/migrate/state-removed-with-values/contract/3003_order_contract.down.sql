-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `contract`.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    ADD COLUMN note text,
    ADD CONSTRAINT orders_note_1 CHECK (state = 'held' OR note IS NULL) NOT VALID,
    DROP CONSTRAINT orders_state_2,
    ADD CONSTRAINT orders_state_1 CHECK (state = ANY ('{placed,reserved,held,delivered,cancelled}')) NOT VALID;

ALTER TABLE public.orders VALIDATE CONSTRAINT orders_state_1;

ALTER TABLE public.orders VALIDATE CONSTRAINT orders_note_1;
