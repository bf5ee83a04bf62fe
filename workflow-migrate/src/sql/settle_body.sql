BEGIN
    {follows}
    {settled}
    RETURN NEW;
END
