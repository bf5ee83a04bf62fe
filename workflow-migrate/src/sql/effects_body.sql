#variable_conflict use_column
DECLARE
    workflow_touched bigint;
BEGIN
    {effects}
END
