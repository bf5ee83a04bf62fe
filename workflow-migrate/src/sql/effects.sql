-- The effects. A statement that touches no row is a fault unless `maybe` is written: an unknown name must not take nothing.
CREATE FUNCTION {beside.effects}(old {table}, new {table}) RETURNS void
    LANGUAGE plpgsql SET search_path = {path} SET enable_seqscan = on AS {body};
