-- Has this key taken effect on this instance, or been ruled out? VOLATILE on purpose: it then looks with a fresh snapshot, also when
-- an update that waited for a row lock checks its conditions again. A plain NOT EXISTS, or a STABLE function, lets a key take effect twice.
CREATE FUNCTION {beside.done}(id {id_type}, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM {history} h WHERE h.id = {name.done}.id AND h.key = {name.done}.key)
        OR EXISTS (SELECT FROM workflow.voided v WHERE v.key = {name.done}.key);
END $$;

-- Makes sure that this key will never take effect any more, and says whether it has. The update changes nothing but makes a new
-- version of the row: one that waits for its lock, sent with this key by a connection that died, then checks its conditions
-- again and asks `done`; a mere lock would leave the row as it is, and the waiting update would not ask.
CREATE FUNCTION {beside.void}(id {id_type}, key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE {table} o SET {id} = o.{id} WHERE o.{id} = {name.void}.id;
    -- A statement of its own: its snapshot is taken after the lock was got.
    IF EXISTS (SELECT FROM {history} h WHERE h.id = {name.void}.id AND h.key = {name.void}.key) THEN
        RETURN true;
    END IF;
    INSERT INTO workflow.voided (key) VALUES ({name.void}.key) ON CONFLICT DO NOTHING;
    -- No statement waits for a day. Rows that somebody else is deleting are left to them.
    DELETE FROM workflow.voided v WHERE v.key IN
        (SELECT stale.key FROM workflow.voided stale WHERE stale.at < now() - interval '1 day' FOR UPDATE SKIP LOCKED);
    RETURN false;
END $$;
REVOKE ALL ON FUNCTION {beside.void}({id_type}, uuid) FROM PUBLIC;

-- What history holds, read back by PostgreSQL's own casts; nothing when it no longer fits the columns.
CREATE FUNCTION {beside.recorded}(state_data jsonb) RETURNS {table}
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN jsonb_populate_record(NULL::{table}, state_data);
EXCEPTION WHEN others THEN
    RETURN NULL;
END $$;

CREATE FUNCTION {beside.removed}() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM {history} h WHERE h.id = OLD.{id};
    DELETE FROM {jobs} j WHERE j.id = OLD.{id};
    RETURN NULL;
END $$;

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

REVOKE ALL ON FUNCTION {beside.transition}(), {beside.removed}(), {beside.history_written}() FROM PUBLIC;
