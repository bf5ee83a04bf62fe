        GET DIAGNOSTICS workflow_touched = ROW_COUNT;
        IF workflow_touched = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF007', TABLE = {table_name},
                MESSAGE = format('%s %s: the effect of %s touched no row', {workflow}, new.{id}, new.event),
                DETAIL = {text}, HINT = 'Where that is no fault, declare the effect with: with sql maybe "…".';
        END IF;
