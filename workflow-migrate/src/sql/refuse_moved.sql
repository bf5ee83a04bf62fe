-- What the table was adopted with still says what it said then: where its rows are now is known here alone.
DO $$
DECLARE
    steps bigint;
BEGIN
    LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO steps FROM {history} h WHERE h.event <> 'adopt';
    IF steps > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has %s steps since the adoption: with it the states of their rows would go', {history_text}, steps),
            HINT = {hint};
    END IF;
END $$;
