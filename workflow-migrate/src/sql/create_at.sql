-- Asks for a creation at a time, for any client; a worker makes it, with its effects. What comes back is nothing, or the time of a
-- creation that was asked for before: that one stays.
CREATE FUNCTION {beside.create_at}(id {id_type}, at timestamptz, fields jsonb) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS {body};
