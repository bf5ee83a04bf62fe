DECLARE
    of regclass := {table_text}::regclass;
    name text;
BEGIN
    FOREACH name IN ARRAY {columns} LOOP
        IF EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = of AND a.attname = name AND NOT a.attisdropped
                   AND col_description(of, a.attnum) = {comment}) THEN
            EXECUTE format('ALTER TABLE %s DROP COLUMN %I', of, name);
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = 'workflow_app') THEN
        REVOKE SELECT, INSERT, UPDATE ON {table} FROM workflow_app;
    END IF;
END
