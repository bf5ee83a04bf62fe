DECLARE
    was {table};
    becomes {table};
    moved {table};
    wrong text;
BEGIN
    SELECT o.* INTO was FROM {table} o WHERE o.{id} = {function}.id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'no_data_found', MESSAGE = format('%s %s is not there', {workflow}, {function}.id);
    END IF;
    IF coalesce({function}.reason, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s cannot be forced without a reason', {workflow});
    END IF;
    IF {function}.state IS NULL OR NOT {function}.state = ANY ({states}) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no state %s', {workflow}, {function}.state);
    END IF;
    SELECT string_agg(f.name, ', ') INTO wrong FROM jsonb_object_keys({function}.fields) AS f (name)
        WHERE NOT f.name = ANY ({fields});
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no state of %s has a field of its own called %s', {workflow}, wrong);
    END IF;
    becomes := jsonb_populate_record(was, {nulls} || coalesce({function}.fields, '{}'));
    PERFORM set_config('workflow.note', coalesce({function}.reason, ''), true);
    -- The edge exists only inside this transaction: nobody else ever sees it.
    INSERT INTO workflow.edges (workflow, from_state, event, to_state, mode)
        VALUES ({workflow}, was.state, 'force', {function}.state, 'migrate');
    UPDATE {table} o SET state = {function}.state, event = 'force', version = o.version + 1, entered_at = now(){sets}
    WHERE o.{id} = {function}.id RETURNING o.* INTO moved;
    DELETE FROM workflow.edges e
        WHERE e.workflow = {workflow} AND e.event = 'force' AND e.from_state = was.state AND e.to_state = {function}.state;
    PERFORM set_config('workflow.note', '', true);
    RETURN moved;
END
