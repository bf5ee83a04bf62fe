    IF {condition} THEN
        {statements}
    END IF;
