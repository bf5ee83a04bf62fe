SELECT line FROM (
    SELECT 'function ' || pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') AS line
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname !~ '^pg_|^checks$' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'constraint ' || c.conrelid::regclass || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
    FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname !~ '^pg_|^checks$' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'trigger ' || pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'index ' || pg_get_indexdef(i.indexrelid) || i.indisvalid FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_|^checks$' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'column ' || a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
           || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE n.nspname !~ '^pg_|^checks$' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'v') AND a.attnum > 0
      AND NOT a.attisdropped AND c.relname <> '_sqlx_migrations'
    UNION ALL
    SELECT 'view ' || c.oid::regclass || ' ' || pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'v' AND n.nspname !~ '^pg_|^checks$' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'rights ' || c.oid::regclass || ' ' || c.relacl::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v') AND c.relacl IS NOT NULL AND n.nspname !~ '^pg_|^checks$' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'edge ' || e::text FROM workflow.edges e
    UNION ALL
    SELECT 'model ' || m.workflow || ' ' || m.fingerprint || ' ' || m.model::text FROM workflow.models m
) lines
ORDER BY line
