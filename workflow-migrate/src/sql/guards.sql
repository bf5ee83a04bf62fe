-- The guards: the text of the one that is in the way of a transition, or nothing. Bare names of columns mean the row before.
CREATE FUNCTION {beside.guards}(old {table}, new {table}) RETURNS text
    LANGUAGE plpgsql SET search_path = {path} SET enable_seqscan = on AS {body};
