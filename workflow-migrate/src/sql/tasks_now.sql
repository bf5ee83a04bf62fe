        INSERT INTO {jobs} (id, version, job, kind) VALUES
            {rows}
