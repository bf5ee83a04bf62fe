-- Binaries of two versions are at work: what one of them does not know is filled in, cleared, or kept in step for it.
CREATE FUNCTION {beside.migrate}() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS {body};
