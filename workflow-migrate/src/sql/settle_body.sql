#variable_conflict use_column
BEGIN
    {follows}
    {settled}
    RETURN NEW;
END
