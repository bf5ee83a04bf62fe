-- An instance takes its history and its jobs with it.
CREATE FUNCTION {beside.removed}() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
    DELETE FROM {history} h WHERE h.id = OLD.{id};
    DELETE FROM {jobs} j WHERE j.id = OLD.{id};
    RETURN NULL;
END $$;
