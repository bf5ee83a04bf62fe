#variable_conflict use_column
DECLARE
    workflow_holds boolean;
BEGIN
    {guards}
    RETURN NULL;
END
