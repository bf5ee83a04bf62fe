DECLARE
    found record;
BEGIN
    -- The table was there before the workflow: what makes the column unique may have any name.
    FOR found IN
        SELECT i.indexrelid::regclass AS index, c.conname AS name
        FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attname = {column_text}
        LEFT JOIN pg_catalog.pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
        WHERE i.indrelid = {table_text}::regclass AND i.indisunique AND NOT i.indisprimary AND i.indpred IS NULL AND i.indnkeyatts = 1
    LOOP
        IF found.name IS NULL THEN
            EXECUTE format('DROP INDEX %s', found.index);
        ELSE
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', {table_text}, found.name);
        END IF;
    END LOOP;
END
