        IF NEW.keyed IS DISTINCT FROM NEW.version THEN
            RAISE EXCEPTION USING ERRCODE = 'WF005', TABLE = {table_name},
                MESSAGE = format('%s %s: create has an effect in the application and must be done there', {workflow}, NEW.{id});
        END IF;
