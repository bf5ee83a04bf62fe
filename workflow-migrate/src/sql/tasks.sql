    IF {condition} THEN
        INSERT INTO {jobs} (id, version, job, kind) VALUES
            {rows}
    END IF;
