    -- What takes this file back leaves the constraint, since its index goes with it: the file before this one takes both.
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.conindid = to_regclass({index_text})) THEN
        ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name};
    END IF;
