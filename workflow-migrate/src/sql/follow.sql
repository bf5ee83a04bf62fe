        -- A timer follows its field; its identity and its attempts stay, so that a worker that holds it is still told apart.
        IF NEW.{field} IS DISTINCT FROM OLD.{field} AND NEW.state {sources} THEN
            IF NEW.{field} IS NULL THEN
                DELETE FROM {jobs} j WHERE j.id = NEW.{id} AND j.kind = 'timer' AND j.job = {job};
            ELSE
                UPDATE {jobs} j SET run_at = NEW.{field} WHERE j.id = NEW.{id} AND j.kind = 'timer' AND j.job = {job};
                IF NOT FOUND THEN
                    INSERT INTO {jobs} (id, version, job, kind, run_at)
                    VALUES (NEW.{id}, NEW.version, {job}, 'timer', NEW.{field});
                END IF;
            END IF;
        END IF;
