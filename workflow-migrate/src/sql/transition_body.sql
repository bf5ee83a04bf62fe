#variable_conflict use_column
DECLARE
    step text;
    data jsonb;
    {variables}
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state {not_initial} OR NEW.event <> 'create' OR NEW.version <> 1 OR NEW.entered_at <> now() OR NEW.keyed <> 1 THEN
            RAISE EXCEPTION USING ERRCODE = 'WF002', TABLE = {table_name},
                MESSAGE = format('%s %s cannot start in state %s, event %s, version %s',
                                 {workflow}, NEW.{id}, NEW.state, NEW.event, NEW.version),
                HINT = format('It starts in %s; leave state, event, version and entered_at to their defaults.', {initial});
        END IF;
        {create_effect}
    ELSIF NEW.version = OLD.version THEN
        -- Not a transition: then nothing that only transitions decide may have changed.
        IF ({fixed_before})
            IS DISTINCT FROM
           ({fixed_after}) THEN
            PERFORM workflow.tolerate({workflow}, OLD.{id}::text, OLD.state, NEW.event, NEW.state, NULL, false);
        END IF;
        {follow_unmoved}
        RETURN NULL;
    ELSE
        step := OLD.state || '>' || NEW.event || '>' || NEW.state;
        {internal}
        {effectless}
        IF NEW.version <> OLD.version + 1 OR NEW.{id} <> OLD.{id}
            OR NEW.entered_at <> {entered_at}
            OR NOT ({stays}step = ANY ({legal}))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
            {or_effectless}
        THEN
            PERFORM workflow.tolerate({workflow}, OLD.{id}::text, OLD.state, NEW.event, NEW.state,
                NEW.version = OLD.version + 1 AND NEW.{id} = OLD.{id}, {is_effectless});
        END IF;
        -- Whoever sent it was told that it did nothing, and it comes now. Hardly ever is there a key like that: then nothing is looked for.
        IF pg_relation_size('workflow.voided') > 0 THEN
            IF EXISTS (SELECT FROM workflow.voided v WHERE NEW.keyed = NEW.version AND v.key = NEW.key) THEN
                RAISE EXCEPTION USING ERRCODE = 'WF001', TABLE = {table_name},
                    MESSAGE = format('%s %s: %s comes too late, its key is void', {workflow}, NEW.{id}, NEW.event);
            END IF;
        END IF;
        {blocked}
    END IF;

    {data}
    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    INSERT INTO {history} (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.{id}, NEW.version, NEW.event, OLD.state, NEW.state, data,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.actor ELSE nullif(current_setting('workflow.actor', true), '') END,
        CASE WHEN NEW.keyed = NEW.version THEN NEW.key END,
        CASE WHEN NEW.event IN ('force', 'migrate') THEN nullif(current_setting('workflow.note', true), '') END);
    {jobs}
    {effects}
    RETURN NULL;
END
