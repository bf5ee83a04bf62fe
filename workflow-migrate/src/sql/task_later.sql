        INSERT INTO {jobs} (id, version, job, kind, run_at) SELECT NEW.{id}, NEW.version, {job}, 'task', {run_at}{condition};
