DO $$
DECLARE
    rows bigint;
BEGIN
    LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO rows FROM {table};
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s rows, and their history would go with it', {table_text}, rows),
            HINT = 'Delete them first, if they may go.';
    END IF;
END $$;
