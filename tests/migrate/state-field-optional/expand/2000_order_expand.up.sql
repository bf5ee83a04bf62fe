-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- What the next version needs; what the version before needs stays.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    DROP CONSTRAINT orders_warehouse_1,
    ADD CONSTRAINT orders_warehouse_2 CHECK (state = 'reserved' OR warehouse IS NULL) NOT VALID;

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '5644de058a0b37401c745c1c994eedb4', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","field warehouse text null in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"],"supplied":["warehouse"]}'
WHERE workflow = 'order';
