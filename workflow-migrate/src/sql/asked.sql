-- What was asked for as a row, by today's names: a field that came since has its default.
CREATE FUNCTION {beside.asked}(fields jsonb) RETURNS {table}
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS {body};
