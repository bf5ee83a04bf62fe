-- Every function of these names ($1, as schema.name without quotes), whatever its arguments.
SELECT 'function' AS kind, '' AS of,
       n.nspname || '.' || p.proname || '(' || coalesce(
           (SELECT string_agg(lower(replace(format_type(t.type, NULL), '"', '')), ', ' ORDER BY t.n) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY t (type, n)), '') || ')' AS name,
       said.aspect, said.value
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
CROSS JOIN LATERAL (VALUES
    ('parameters', coalesce(array_to_string(p.proargnames, ', '), '')),
    ('returns', CASE WHEN p.proretset THEN 'SETOF ' ELSE '' END || format_type(p.prorettype, NULL)),
    ('language', l.lanname::text),
    ('volatility', CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END),
    ('security', CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END),
    ('settings', coalesce(array_to_string(p.proconfig, E'\n'), '')),
    ('body', p.prosrc),
    ('public', CASE WHEN EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE') THEN 'yes' ELSE 'no' END)) said (aspect, value)
WHERE n.nspname || '.' || p.proname = ANY ($1) AND p.prokind = 'f'
