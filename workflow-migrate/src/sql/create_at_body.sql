DECLARE
    wrong text;
    stands timestamptz;
BEGIN
    IF {function}.id IS NULL OR {function}.at IS NULL OR NOT isfinite({function}.at) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s needs a key and a time to be created at', {workflow});
    END IF;
    SELECT string_agg(f.name, ', ' ORDER BY f.name) INTO wrong FROM jsonb_object_keys({function}.fields) AS f (name)
        WHERE NOT f.name = ANY ({known});
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s %s: creation knows no %s', {workflow}, {function}.id, wrong);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM unnest({required}) AS f (name)
        WHERE {function}.fields ->> f.name IS NULL;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'not_null_violation',
            MESSAGE = format('%s %s: creation needs %s', {workflow}, {function}.id, wrong);
    END IF;
    -- What does not fit the columns is found now, and not when it is due.
    PERFORM jsonb_populate_record(NULL::{table}, {function}.fields);
    IF EXISTS (SELECT FROM {table} o WHERE o.{id} = {function}.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', TABLE = {table_name},
            MESSAGE = format('%s %s is there already', {workflow}, {function}.id);
    END IF;
    LOOP
        INSERT INTO {jobs} AS j (id, version, job, kind, run_at, data)
        VALUES ({function}.id, 0, 'create', 'creation', {function}.at, coalesce({function}.fields, '{}'))
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
        SELECT j.run_at INTO stands FROM {jobs} j
            WHERE j.id = {function}.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
        EXIT WHEN FOUND;
    END LOOP;
    RETURN stands;
END
