DECLARE
    moved {table};
    stands text;
BEGIN
    UPDATE {table} o SET
        {assignments}
    WHERE o.{id} = {function}.{id} AND o.state {sources}
    RETURNING o.* INTO moved;
    IF NOT FOUND THEN
        SELECT o.state INTO stands FROM {table} o WHERE o.{id} = {function}.{id};
        {elsewhere}
        RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = {table_name},
            MESSAGE = format('%s %s is %s: %s is not possible',
                             {workflow}, {function}.{id}, coalesce(stands, 'not there'), {event});
    END IF;
    RETURN moved;
END
