-- Every insert and update passes here, after all BEFORE triggers: guard, history, jobs, and last the `with sql` effects.
-- The edges stand in the body because a plan is cached there; a WHEN clause is prepared anew by each statement.
CREATE FUNCTION {beside.transition}() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    -- A client's own settings must not decide what history records, what counts as unchanged, or where a string of the declaration ends.
    SET extra_float_digits = 1 SET DateStyle = ISO SET bytea_output = hex SET standard_conforming_strings = on
AS {body};
