-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `expand`.

SET LOCAL lock_timeout = '2s';

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = '408b1f8c4245b55d701cb4c380705bd2', model =
'{"facts":["edge placed>cancel>cancelled","edge placed>change_quantity>placed","edge placed>expire>cancelled","edge placed>reserve>reserved","edge reserved>cancel>cancelled","edge reserved>deliver>delivered","field id uuid in all","field quantity integer in all","field reason text in cancelled","field sku text in all","field warehouse text in reserved","initial placed","state cancelled","state delivered","state placed","state reserved","table public.orders"]}'
WHERE workflow = 'order';

-- The guards: the text of the one that is in the way of a transition, or nothing. Bare names of columns mean the row before.
CREATE OR REPLACE FUNCTION public.orders_guards(old public.orders, new public.orders) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = on AS $$
#variable_conflict use_column
DECLARE
    workflow_holds boolean;
BEGIN
    IF new.event = 'change_quantity' AND old.state = 'placed' THEN
        SELECT (NEW.quantity > 0
            ) INTO workflow_holds FROM (SELECT (old).*) AS orders;
        IF workflow_holds IS NOT TRUE THEN
            RETURN 'NEW.quantity > 0';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
