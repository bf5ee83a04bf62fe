-- History is written by the transition's trigger and deleted after its instance. Depth 1 is a client's own statement; another
-- trigger is as deep as ours, but the version that the instance is at is already there (the primary key refuses a second one),
-- and any other is refused here; so is a step whose instance a user's trigger has moved on before it was recorded.
CREATE FUNCTION {beside.history_written}() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() > 1 THEN
        IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM {table} o WHERE o.{id} = NEW.id AND NEW.version = o.version) THEN
            RETURN NEW;
        ELSIF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM {table} o WHERE o.{id} = OLD.id) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'WF003', TABLE = TG_TABLE_NAME,
        MESSAGE = format('%s on %s is refused: history is written by transitions only and never changed', TG_OP, TG_TABLE_NAME);
END $$;
