-- The invalid index of that name on that table, and whether somebody is building it just now. The names are parsed as in the file.
SELECT format('%I.%I', n.nspname, c.relname),
       EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = c.oid)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE i.indrelid = to_regclass($1) AND NOT i.indisvalid AND c.relname = (parse_ident($2))[1]::name
