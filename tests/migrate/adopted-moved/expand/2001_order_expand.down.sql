-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `expand`.

SET LOCAL lock_timeout = '2s';

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '25f0435a8e972c45a6556eb04300590d', model =
'{"facts":["edge placed>change_quantity>placed","edge placed>reserve>reserved","edge reserved>deliver>delivered","field id uuid in all","field mail text in all","field quantity integer in all","field sku text in all","field warehouse text in reserved","initial placed","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';
