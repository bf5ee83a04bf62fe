-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- What stood for the version before goes.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    DROP CONSTRAINT orders_state_2,
    ADD CONSTRAINT orders_state_3 CHECK (state = ANY ('{placed,reserved,on_hold,delivered,cancelled}')) NOT VALID,
    DROP CONSTRAINT orders_note_2,
    ADD CONSTRAINT orders_note_3 CHECK (state = 'on_hold' OR note IS NULL) NOT VALID;
