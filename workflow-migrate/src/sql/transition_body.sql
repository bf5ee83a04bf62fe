#variable_conflict use_column
DECLARE
    was text;
    step text := 'create';
    data jsonb;
    actor text := nullif(current_setting('workflow.actor', true), '');
    key uuid;
    note text;
    {blocked_by}
    internal boolean := false;
    effectless boolean := false;
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
        was := OLD.state;
        step := was || '>' || NEW.event || '>' || NEW.state;
        {internal}
        {effectless}
        IF NEW.version <> OLD.version + 1 OR NEW.{id} <> OLD.{id}
            OR NEW.entered_at <> (CASE WHEN internal THEN OLD.entered_at ELSE now() END)
            OR NOT (internal{retired} OR step = ANY ({legal}))
            -- Who and under which key is said of this version, or not at all: a mark for a later one would pass for another's.
            OR NEW.keyed IS DISTINCT FROM NEW.version AND (NEW.actor, NEW.key, NEW.keyed) IS DISTINCT FROM (OLD.actor, OLD.key, OLD.keyed)
            OR effectless THEN
            PERFORM workflow.tolerate({workflow}, OLD.{id}::text, was, NEW.event, NEW.state,
                NEW.version = OLD.version + 1 AND NEW.{id} = OLD.{id}, effectless);
        END IF;
        {blocked}
    END IF;

    -- What `actor` and `key` say holds for version `keyed` only; else a client sent none.
    IF NEW.keyed = NEW.version THEN
        actor := NEW.actor;
        key := NEW.key;
    END IF;
    IF NEW.event IN ('force', 'migrate') THEN
        note := nullif(current_setting('workflow.note', true), '');
    END IF;
    {data}
    INSERT INTO {history} (id, version, event, from_state, to_state, data, actor, key, note)
    VALUES (NEW.{id}, NEW.version, NEW.event, was, NEW.state, data, actor, key, note);
    {jobs}
    {effects}
    RETURN NULL;
END
