-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `start_give_up`.

SET LOCAL lock_timeout = '2s';

DELETE FROM public.orders_jobs WHERE kind = 'timer' AND job = 'give_up';
