    IF {condition} THEN
        {inserted}
    END IF;
