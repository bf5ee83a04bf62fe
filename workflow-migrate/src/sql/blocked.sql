        IF step = ANY ({guarded}) THEN
            blocked_by := {beside.guards}(OLD, NEW);
            IF blocked_by IS NOT NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'WF004', TABLE = {table_name},
                    MESSAGE = format('%s %s is %s: %s is blocked', {workflow}, OLD.{id}, OLD.state, NEW.event),
                    HINT = format('It is possible only if %s', blocked_by);
            END IF;
        END IF;
