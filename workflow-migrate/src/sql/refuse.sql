#variable_conflict use_column
DECLARE
    counted bigint;
BEGIN
    {lock}
    SELECT count(*) INTO counted FROM {table} o WHERE {condition};
    IF counted > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s: %s rows {what}', {table_text}, counted),
            HINT = {hint};
    END IF;
END
