DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indexrelid = to_regclass({index_text}) AND i.indisvalid) THEN
        RAISE EXCEPTION USING MESSAGE = format('the index %s is not whole', {index_text}),
            HINT = 'Drop it, find the rows that are in its way, and apply the file before this one again.';
    END IF;
END $$;
