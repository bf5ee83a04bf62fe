-- In the schema of this table.
SELECT p.proname::text
FROM pg_proc p JOIN pg_class c ON c.relnamespace = p.pronamespace WHERE c.oid = to_regclass($1)
