-- The `shipment` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `expand`.

SET LOCAL lock_timeout = '2s';

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '4c3b33225a3109cb96a113751fe3c724', model =
'{"facts":["edge packed>lose>lost","edge packed>send>sent","edge sent>deliver>delivered","edge sent>lose>lost","field customer_id uuid in all","field id uuid in all","field order_id uuid in all","field tracking text in sent","initial packed","state delivered","state lost","state packed","state sent","table public.shipments"]}'
WHERE workflow = 'shipment';
