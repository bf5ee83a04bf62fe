-- The database's tables but those of migrations and of lost answers, with the columns that can be written, and those of which two runs never agree: times, and numbers from
-- a sequence, which moves on also when a transaction does not.
SELECT format('%I.%I', n.nspname, c.relname) AS name,
    string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '') AS columns,
    coalesce(array_agg(a.attname::text) FILTER (WHERE a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%'
        OR a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype)), '{}') AS wild
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND c.relpersistence <> 't'
    AND n.nspname !~ '^(pg_|information_schema$|workflow_proof_)'
    AND c.relname <> '_sqlx_migrations' AND format('%I.%I', n.nspname, c.relname) NOT IN ('workflow.voided', 'workflow.models')
GROUP BY n.nspname, c.relname
HAVING count(*) FILTER (WHERE a.attgenerated = '') > 0
ORDER BY 1
