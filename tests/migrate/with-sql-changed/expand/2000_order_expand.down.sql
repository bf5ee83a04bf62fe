-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `expand`.

SET LOCAL lock_timeout = '2s';

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '50f58cdb2f7105345efde95702ea6bc3', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';

-- The effects. A statement that touches no row is a fault unless `maybe` is written: an unknown name must not take nothing.
CREATE OR REPLACE FUNCTION public.orders_effects(old public.orders, new public.orders) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = on AS $$
#variable_conflict use_column
DECLARE
    workflow_touched bigint;
BEGIN
    IF new.event = 'deliver' THEN
        INSERT INTO notes (text) VALUES ('delivered');
        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = 'orders',
                MESSAGE = format('%s %s: the effect of %s touched no row', 'order', new.id, new.event),
                DETAIL = 'INSERT INTO notes (text) VALUES (''delivered'')', HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
    END IF;
END
$$;
