-- The type without its length: a cast to `varchar(5)` would cut a text off, and find another's row.
SELECT jsonb_build_object('name', format_type(a.atttypid, -1))
FROM pg_attribute a
WHERE a.attrelid = to_regclass(($1::text[])[1]) AND a.attname = ($1::text[])[2] AND NOT a.attisdropped
