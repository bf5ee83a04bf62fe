-- Everything in a database's own schemas that a migration can make, a line each; what extensions brought is theirs.
WITH own AS (
    SELECT oid, nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), relation AS (
    SELECT c.*, format('%I.%I', o.nspname, c.relname) AS name FROM pg_class c JOIN own o ON o.oid = c.relnamespace
    WHERE c.relname <> '_sqlx_migrations' AND c.relname <> '_sqlx_migrations_pkey'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
)
SELECT 'schema ' || nspname AS line FROM own
UNION ALL
SELECT 'relation ' || name || ' ' || relkind::text || ' ' || relpersistence::text || coalesce(' ' || reloptions::text, '')
       || ' ' || coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))::text || CASE WHEN relrowsecurity THEN ' row security' ELSE '' END
FROM relation WHERE relkind <> 'i'
UNION ALL
SELECT 'column ' || r.name || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE r.relkind IN ('r', 'p', 'v', 'm', 'c')
UNION ALL
SELECT 'constraint ' || r.name || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
FROM relation r JOIN pg_constraint c ON c.conrelid = r.oid
UNION ALL
SELECT 'index ' || pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
FROM relation r JOIN pg_index i ON i.indrelid = r.oid
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'rule ' || pg_get_ruledef(w.oid) FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid
UNION ALL
SELECT 'function ' || CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) ELSE p.oid::regprocedure::text END || ' ' || coalesce(p.proacl, acldefault('f', p.proowner))::text
FROM pg_proc p JOIN own o ON o.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'type ' || format_type(t.oid, NULL) || coalesce(' ' || (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '')
FROM pg_type t JOIN own o ON o.oid = t.typnamespace WHERE t.typtype IN ('e', 'd')
