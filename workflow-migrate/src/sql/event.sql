-- `{title}`, for any client: the same step as in the application, which has no part in it.
CREATE FUNCTION {function}({parameters}) RETURNS {table}
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS {body};
