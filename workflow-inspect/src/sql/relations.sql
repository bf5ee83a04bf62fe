-- What belongs to relations: a row for each thing that can be said. $1 has their names, as schema.name without quotes.
WITH relation AS (
    SELECT c.oid, c.relkind, n.nspname || '.' || c.relname AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname || '.' || c.relname = ANY ($1) AND c.relkind IN ('r', 'p', 'v')
), wanted AS (
    SELECT * FROM relation WHERE relkind <> 'v'
), owned AS (
    SELECT conindid AS oid FROM pg_constraint WHERE contype IN ('p', 'u', 'x')
)
SELECT CASE relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, '' AS of, name, NULL AS aspect, NULL AS value FROM relation
UNION ALL
SELECT 'column', w.name, a.attname, said.aspect, said.value
FROM wanted w JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
CROSS JOIN LATERAL (VALUES
    ('type', format_type(a.atttypid, a.atttypmod)),
    ('required', CASE WHEN a.attnotnull THEN 'yes' ELSE 'no' END),
    ('default', coalesce(pg_get_expr(d.adbin, d.adrelid), ''))) said (aspect, value)
UNION ALL
SELECT 'constraint', w.name, CASE c.contype WHEN 'p' THEN 'primary key' ELSE c.conname END, said.aspect, said.value
FROM wanted w JOIN pg_constraint c ON c.conrelid = w.oid AND c.contype IN ('c', 'p', 'u')
LEFT JOIN pg_index i ON i.indexrelid = c.conindid
CROSS JOIN LATERAL (VALUES
    ('form', CASE c.contype WHEN 'c' THEN 'check' WHEN 'p' THEN 'primary key' ELSE 'unique' END),
    ('condition', CASE c.contype WHEN 'c' THEN pg_get_expr(c.conbin, c.conrelid) ELSE
        (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k (attnum, n)
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) END),
    ('valid', CASE WHEN c.convalidated AND coalesce(i.indisvalid, true) THEN 'yes' ELSE 'no' END)) said (aspect, value)
UNION ALL
SELECT 'index', w.name, c.relname, said.aspect, said.value
FROM wanted w JOIN pg_index i ON i.indrelid = w.oid JOIN pg_class c ON c.oid = i.indexrelid
CROSS JOIN LATERAL (VALUES
    ('definition', CASE WHEN i.indisunique THEN 'unique' ELSE 'plain' END || ' (' ||
        (SELECT string_agg(coalesce(a.attname, pg_get_indexdef(i.indexrelid, k.n::integer, false)), ', ' ORDER BY k.n)
         FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k (attnum, n)
         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0) || ')'),
    ('condition', coalesce(pg_get_expr(i.indpred, i.indrelid), '')),
    ('valid', CASE WHEN i.indisvalid THEN 'yes' ELSE 'no' END)) said (aspect, value)
WHERE i.indexrelid NOT IN (SELECT oid FROM owned)
UNION ALL
SELECT 'trigger', w.name, t.tgname, said.aspect, said.value
FROM wanted w JOIN pg_trigger t ON t.tgrelid = w.oid AND NOT t.tgisinternal
CROSS JOIN LATERAL (VALUES
    ('definition', pg_get_triggerdef(t.oid)),
    ('enabled', CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled on replicas only' ELSE 'yes' END)) said (aspect, value)
UNION ALL
SELECT 'rule', w.name, r.rulename, NULL, NULL
FROM wanted w JOIN pg_rewrite r ON r.ev_class = w.oid
