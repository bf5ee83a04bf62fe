            INSERT INTO {jobs} (id, version, job, kind, run_at)
            VALUES (NEW.{id}, NEW.version, {job}, 'timer', {run_at});
