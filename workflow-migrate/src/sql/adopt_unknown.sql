DECLARE
    unknown text;
BEGIN
    SELECT string_agg(format('%s (%s rows)', coalesce(wrong.status, 'NULL'), wrong.rows), ', ' ORDER BY wrong.status) INTO unknown
    FROM (SELECT o.{status}::text AS status, count(*) AS rows FROM {table} o
          WHERE (o.{status}::text = ANY ({labels})) IS NOT TRUE
          GROUP BY o.{status}::text) wrong;
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = format('%s.%s has values that are no state: %s', {table_text}, {status_text}, unknown),
            HINT = 'Declare a state with that #[label], or change the rows first.';
    END IF;
END
