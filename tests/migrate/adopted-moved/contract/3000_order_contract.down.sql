-- The `order` workflow, written by `cargo workflow generate`. Change the declaration, not this file: its checksum is kept.
-- Takes back `contract`.

SET LOCAL lock_timeout = '2s';

-- What a binary compares itself with.
UPDATE workflow.models SET migrated_at = now(), fingerprint = 'e1b5f26b4fd3d4b0df3686b823b8d3f5', model =
'{"facts":["edge placed>change_quantity>placed","edge placed>reserve>reserved","edge reserved>deliver>delivered","field id uuid in all","field mail text in all","field quantity integer in all","field sku text in all","field warehouse text in reserved","initial placed","state delivered","state placed","state reserved","table public.orders","table public.purchases"]}'
WHERE workflow = 'order';

DO $$
DECLARE
    seen text;
BEGIN
    -- What the version before knows, in its order; then what others have added. New columns are none of its business.
    SELECT string_agg(format('%I', a.attname), ', ' ORDER BY array_position(ARRAY[
            'id',
            'sku',
            'mail',
            'quantity',
            'warehouse',
            'state',
            'event',
            'version',
            'entered_at',
            'actor',
            'key',
            'keyed'], a.attname::text), a.attnum) INTO seen
    FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = 'public.purchases'::regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname::text <> ALL ('{}'::text[]);
    EXECUTE format('CREATE VIEW %s AS SELECT %s FROM %s', 'public.orders', seen, 'public.purchases');
END
$$;

CREATE VIEW public.orders_history AS SELECT * FROM public.purchases_history;

CREATE VIEW public.orders_jobs AS SELECT * FROM public.purchases_jobs;

CREATE FUNCTION public.orders_done(uuid, uuid) RETURNS boolean LANGUAGE sql AS $$ SELECT public.purchases_done($1, $2) $$;

CREATE FUNCTION public.orders_void(uuid, uuid) RETURNS boolean LANGUAGE sql AS $$ SELECT public.purchases_void($1, $2) $$;

CREATE FUNCTION public.orders_recorded(jsonb) RETURNS public.purchases LANGUAGE sql AS $$ SELECT public.purchases_recorded($1) $$;

CREATE FUNCTION public.orders_force(uuid, text, jsonb, text) RETURNS public.purchases LANGUAGE sql AS $$ SELECT public.purchases_force($1, $2, $3, $4) $$;

CREATE FUNCTION public.orders_asked(jsonb) RETURNS public.purchases LANGUAGE sql AS $$ SELECT public.purchases_asked($1) $$;

CREATE FUNCTION public.orders_create_at(uuid, timestamptz, jsonb) RETURNS timestamptz LANGUAGE sql AS $$ SELECT public.purchases_create_at($1, $2, $3) $$;

CREATE FUNCTION public.orders_cancel_creation(uuid) RETURNS boolean LANGUAGE sql AS $$ SELECT public.purchases_cancel_creation($1) $$;

CREATE FUNCTION public.orders_reserve(uuid, text) RETURNS public.purchases LANGUAGE sql AS $$ SELECT public.purchases_reserve($1, $2) $$;

CREATE FUNCTION public.orders_deliver(uuid) RETURNS public.purchases LANGUAGE sql AS $$ SELECT public.purchases_deliver($1) $$;

CREATE FUNCTION public.orders_change_quantity(uuid, integer) RETURNS public.purchases LANGUAGE sql AS $$ SELECT public.purchases_change_quantity($1, $2) $$;

-- Rights go to the group roles, where there are such: an application's own role is made a member of one.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname IN ('workflow_app', 'workflow_worker', 'workflow_operator')) = 3 THEN
        GRANT SELECT, INSERT, UPDATE ON public.orders TO workflow_app;
        GRANT SELECT ON public.orders_history TO workflow_app;
        GRANT SELECT, UPDATE, DELETE ON public.orders_jobs TO workflow_worker;
    END IF;
END
$$;
