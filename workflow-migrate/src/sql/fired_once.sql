        -- Once a stay: it comes back when the state is entered anew.
        IF {taken} THEN
            DELETE FROM {jobs} j WHERE j.id = NEW.{id} AND j.kind = {kind} AND j.job = {job};
        END IF;
