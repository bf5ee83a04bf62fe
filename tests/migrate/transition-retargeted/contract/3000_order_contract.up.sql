-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Only for when no binary of the version before runs any more: takes away what only they needed.

SET LOCAL lock_timeout = '2s';

DELETE FROM workflow.edges WHERE workflow = 'order' AND (from_state, event, to_state) IN (
    ('reserved', 'deliver', 'delivered'));

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '474406dd75e32bee977f7a670f88f877', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>lose>lost","edge placed>reserve>reserved","edge reserved>arrive>delivered","edge reserved>cancel>cancelled","edge reserved>deliver>lost","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state lost","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';
