-- Every relation of the database's own: an index belongs to its table.
SELECT c.oid::bigint, n.nspname || '.' || c.relname, coalesce(i.indrelid, c.oid)::bigint
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'i', 'I') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
