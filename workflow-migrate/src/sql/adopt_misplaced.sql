    SELECT count(*) FILTER (WHERE {missing}), count(*) FILTER (WHERE {outside}) INTO missing, outside FROM {table} o;
    IF missing > 0 OR outside > 0 THEN
        RAISE EXCEPTION USING MESSAGE = format('%s.%s is missing in %s rows of its states, and there in %s rows of others',
                                               {table_text}, {field}, missing, outside),
            HINT = 'Fill or clear these rows first, or declare the field for the states that have it.';
    END IF;
