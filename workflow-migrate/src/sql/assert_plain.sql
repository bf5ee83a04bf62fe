BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indexrelid = to_regclass({index_text}) AND i.indisvalid) THEN
        RAISE EXCEPTION USING MESSAGE = format('the index %s is not whole', {index_text}),
            HINT = 'Drop it, and build it with the statement of the file before this one; then apply this file again.';
    END IF;
END
