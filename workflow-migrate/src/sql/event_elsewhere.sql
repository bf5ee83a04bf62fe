        IF stands {closed} THEN
            RAISE EXCEPTION USING ERRCODE = 'WF005', TABLE = {table_name},
                MESSAGE = format('%s %s is %s: %s has an effect in the application there and must be fired there',
                                 {workflow}, {function}.{id}, stands, {event});
        END IF;
