-- Where a table without a schema is, by the search path that the role has without our own setting.
SELECT format('%I.%I', n.nspname, c.relname)
FROM unnest(string_to_array((SELECT reset_val FROM pg_settings WHERE name = 'search_path'), ',')) WITH ORDINALITY p (part, n)
JOIN pg_namespace n ON n.nspname = replace(btrim(p.part, ' "'), '$user', session_user)
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = ANY ($1) AND c.relkind IN ('r', 'p')
ORDER BY p.n
LIMIT 1
