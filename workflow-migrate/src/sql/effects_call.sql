
    IF step = ANY ({steps}) THEN
        PERFORM {beside.effects}(OLD, NEW);
        -- An effect may move other instances, never its own: what the transition returned would not be true any more.
        IF (SELECT o.version FROM {table} o WHERE o.{id} = NEW.{id}) IS DISTINCT FROM NEW.version THEN
            RAISE EXCEPTION USING ERRCODE = 'WF006', TABLE = {table_name},
                MESSAGE = format('%s %s: the effect of %s moved its own instance', {workflow}, NEW.{id}, NEW.event);
        END IF;
    END IF;
