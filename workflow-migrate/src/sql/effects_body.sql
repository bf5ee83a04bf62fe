#variable_conflict use_column
{declared}
BEGIN
    {effects}
END
