DECLARE
    of regclass := {table_text}::regclass;
    wrong text;
    name text;
    type text;
BEGIN
    SELECT string_agg(format('%s (%s)', e.name, CASE
            WHEN a.attname IS NULL THEN 'is not there'
            WHEN a.atttypid <> coalesce(e.type::regtype::oid, a.atttypid) THEN 'is ' || format_type(a.atttypid, a.atttypmod) || ', not ' || e.type
            WHEN e.required AND NOT a.attnotnull THEN 'may be NULL'
            ELSE 'is not unique' END), ', ') INTO wrong
    FROM (VALUES
        {present}
        ) AS e (name, type, required, alone)
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = of AND a.attname = e.name AND a.attnum > 0 AND NOT a.attisdropped
    WHERE a.attname IS NULL OR a.atttypid <> coalesce(e.type::regtype::oid, a.atttypid) OR (e.required AND NOT a.attnotnull)
        OR (e.alone OR e.name = {id_text}) AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
            WHERE i.indrelid = of AND i.indisunique AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = format('%s is not as it is declared: %s', of, wrong);
    END IF;

    FOR name, type IN VALUES
        {added}
    LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = of AND a.attname = name AND NOT a.attisdropped) THEN
            SELECT format_type(a.atttypid, a.atttypmod) INTO wrong FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = of AND a.attname = name AND a.atttypid <> type::regtype;
            IF FOUND THEN
                RAISE EXCEPTION USING MESSAGE = format('%s.%s is %s, not %s', of, name, wrong, type);
            END IF;
        ELSE
            EXECUTE format('ALTER TABLE %s ADD COLUMN %I %s', of, name, type);
            EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', of, name, {comment});
        END IF;
    END LOOP;
END
