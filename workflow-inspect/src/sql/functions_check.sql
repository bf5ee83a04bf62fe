-- A trigger's function is checked once for each table that it hangs on; one that hangs on none cannot be checked.
SELECT format('%s, line %s: %s%s', p.oid::regprocedure, c.lineno, c.message, ' (' || c.detail || ')')
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
LEFT JOIN (SELECT DISTINCT tgfoid, tgrelid FROM pg_trigger) t ON t.tgfoid = p.oid
CROSS JOIN LATERAL plpgsql_check_function_tb(p.oid, coalesce(t.tgrelid, 0), fatal_errors => false, other_warnings => false,
    performance_warnings => false, extra_warnings => false) c
WHERE c.level = 'error' AND (p.prorettype <> 'trigger'::regtype OR t.tgrelid IS NOT NULL)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
ORDER BY 1
