-- Takes back a creation that was asked for, and says whether it was still there.
CREATE FUNCTION {beside.cancel_creation}(id {id_type}) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM {jobs} j WHERE j.id = {name.cancel_creation}.id AND j.version = 0 AND j.kind = 'creation' AND j.job = 'create';
    RETURN FOUND;
END $$;
