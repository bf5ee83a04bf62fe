-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `start_carry`.

SET LOCAL lock_timeout = '2s';

DELETE FROM public.orders_jobs j WHERE j.kind = 'activity' AND j.job = 'carry'
    AND EXISTS (SELECT FROM public.orders o WHERE o.id = j.id AND o.state = 'reserved');
