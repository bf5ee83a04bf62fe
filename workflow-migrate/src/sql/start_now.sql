            INSERT INTO {jobs} (id, version, job, kind) VALUES (NEW.{id}, NEW.version, {job}, {kind});
