-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- What the next version needs; what the version before needs stays.

SET LOCAL lock_timeout = '2s';

ALTER TABLE public.orders
    ALTER sku DROP NOT NULL;

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = 'fb46e3251d1e8ab28e03f4de2755ec75', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field sku text null in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"],"supplied":["sku"]}'
WHERE workflow = 'order';
