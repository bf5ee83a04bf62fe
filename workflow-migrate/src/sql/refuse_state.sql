DECLARE
    rows bigint;
BEGIN
    {lock}
    SELECT count(*) INTO rows FROM {table} o WHERE {condition};
    IF rows > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s: %s rows {what}', {table_text}, rows),
            HINT = {hint};
    END IF;
END
