-- What history holds, read back by PostgreSQL's own casts; nothing when it no longer fits the columns.
CREATE FUNCTION {beside.recorded}(state_data jsonb) RETURNS {table}
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::{table}, state_data);
EXCEPTION WHEN others THEN
    RETURN NULL;
END $$;
