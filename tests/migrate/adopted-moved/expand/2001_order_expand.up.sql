-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- What the next version needs; what the version before needs stays.

SET LOCAL lock_timeout = '2s';

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = 'e1b5f26b4fd3d4b0df3686b823b8d3f5', model =
'{"facts":["edge placed>change_quantity>placed","edge placed>reserve>reserved","edge reserved>deliver>delivered","field id uuid in all","field mail text in all","field quantity integer in all","field sku text in all","field warehouse text in reserved","initial placed","state delivered","state placed","state reserved","table public.orders","table public.purchases"]}'
WHERE workflow = 'order';
