-- The `shipment` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- What the next version needs; what the version before needs stays.

SET LOCAL lock_timeout = '2s';

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '0e1b0590a0bec4133d5b714c04ea4afe', model =
'{"facts":["edge packed>lose>lost","edge packed>send>sent","edge sent>deliver>delivered","edge sent>lose>lost","field customer_id uuid in all","field id uuid in all","field order_id uuid in all","field tracking text in sent","initial packed","state delivered","state lost","state packed","state sent","table public.shipments"]}'
WHERE workflow = 'shipment';
