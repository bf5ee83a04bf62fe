DECLARE
    seen text;
BEGIN
    -- What the version before knows, in its order; then what others have added. New columns are none of its business.
    SELECT string_agg(format('%I', a.attname), ', ' ORDER BY array_position({known}, a.attname::text), a.attnum) INTO seen
    FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = {is}::regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname::text <> ALL ({added});
    EXECUTE format('CREATE VIEW %s AS SELECT %s FROM %s', {was}, seen, {is});
END
