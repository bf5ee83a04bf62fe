-- One update a table, of all its times: those of the workflows' tables, of the tables beside them, and of what workflows share.
WITH base AS (
    SELECT DISTINCT c.relnamespace, c.relname
    FROM workflow.models m
    CROSS JOIN jsonb_array_elements_text(m.model -> 'facts') AS fact
    JOIN pg_class c ON starts_with(fact, 'table ') AND c.oid = to_regclass(substr(fact, 7))
), moved AS (
    SELECT c.oid
    FROM base b JOIN pg_class c ON c.relnamespace = b.relnamespace
        AND c.relname IN (b.relname, b.relname || '_history', b.relname || '_jobs')
    WHERE c.relkind IN ('r', 'p')
    UNION
    SELECT c.oid FROM pg_class c WHERE c.relnamespace = to_regnamespace('workflow') AND c.relkind = 'r'
)
SELECT format('UPDATE %s SET %s', m.oid::regclass,
    string_agg(format('%1$I = %1$I - interval ''%2$s microseconds''', a.attname, $1::bigint), ', '))
FROM moved m JOIN pg_attribute a ON a.attrelid = m.oid
WHERE a.atttypid = 'timestamptz'::regtype AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY m.oid
