-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `start_complete`.

SET LOCAL lock_timeout = '2s';

DELETE FROM public.orders_jobs j WHERE j.kind = 'join' AND j.job = 'complete'
    AND EXISTS (SELECT FROM public.orders o WHERE o.id = j.id AND o.state = 'shipping');
