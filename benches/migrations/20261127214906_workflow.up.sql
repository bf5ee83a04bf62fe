-- What all workflows of a database share, written by `cargo workflow generate`. It changes nothing where it has run before.

CREATE SCHEMA IF NOT EXISTS workflow;

-- One row a workflow: what the database believes the declaration is.
CREATE TABLE IF NOT EXISTS workflow.models (
    workflow text PRIMARY KEY,
    fingerprint text NOT NULL,
    model jsonb NOT NULL,
    migrated_at timestamptz NOT NULL DEFAULT now()
);

-- The declared edges, for whoever wants to read the graph; and those that are tolerated for a while:
-- 'warn' while an edge is being retired, 'migrate' only ever inside a transaction that also deletes it again.
CREATE TABLE IF NOT EXISTS workflow.edges (
    workflow text NOT NULL,
    from_state text NOT NULL,
    event text NOT NULL,
    to_state text NOT NULL,
    mode text NOT NULL DEFAULT 'enforce' CHECK (mode IN ('enforce', 'warn', 'migrate')),
    PRIMARY KEY (workflow, from_state, event, to_state)
);

-- Keys that must not take effect any more: their sender lost the connection and asked for the truth.
CREATE TABLE IF NOT EXISTS workflow.voided (
    key uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);

-- One row a schedule by which workers create: up to which tick all is done, and how the next one fares.
CREATE TABLE IF NOT EXISTS workflow.schedules (
    name text PRIMARY KEY,
    expression text NOT NULL,                   -- of whoever made the last tick
    last timestamptz NOT NULL DEFAULT now(),    -- at first the time at which it was seen: no tick of the past is made
    attempt integer NOT NULL DEFAULT 0,
    retry_at timestamptz,
    last_error text
);

-- For an update that is not a plain legal transition: lets a tolerated edge pass, else says what is wrong.
CREATE OR REPLACE FUNCTION workflow.tolerate(flow text, id text, was text, event text, becomes text, one_step boolean, has_effect boolean)
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tolerated text;
    legal text;
BEGIN
    SELECT e.mode INTO tolerated FROM workflow.edges e WHERE e.workflow = flow
        AND e.from_state = was AND e.event = tolerate.event AND e.to_state = becomes;
    IF one_step AND tolerated = 'migrate' THEN
        RETURN;
    ELSIF one_step AND tolerated = 'warn' AND NOT has_effect THEN
        RAISE WARNING 'transition % from % to % is being retired', event, was, becomes;
        RETURN;
    ELSIF one_step AND tolerated IN ('enforce', 'warn') AND has_effect THEN
        RAISE EXCEPTION USING ERRCODE = 'WF005',
            MESSAGE = format('%s %s: %s has an effect in the application and must be fired there', flow, id, event),
            HINT = 'To repair a row without the effect, use the force function beside its table.';
    END IF;
    SELECT string_agg(e.event || ' -> ' || e.to_state, ', ' ORDER BY e.event, e.to_state) INTO legal
        FROM workflow.edges e WHERE e.workflow = flow AND e.from_state = was AND e.mode = 'enforce';
    RAISE EXCEPTION USING ERRCODE = 'WF001',
        MESSAGE = CASE WHEN one_step IS NULL
            THEN format('%s %s: the key, the event and the fields of a state change only by a transition', flow, id)
            ELSE format('%s %s is %s: %s -> %s is not a transition', flow, id, was, event, becomes) END,
        DETAIL = format('From %s: %s.', was, coalesce(legal, 'nothing')),
        HINT = 'A transition sets state, event, version = version + 1 and, unless it is internal, entered_at = now(); actor and key only with keyed = the new version.';
END $$;

-- History stays as it was written, and the rows of a workflow are not truncated away from it.
CREATE OR REPLACE FUNCTION workflow.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'WF003', TABLE = TG_TABLE_NAME,
        MESSAGE = format('%s on %s is refused: history is written by transitions only and never changed', TG_OP, TG_TABLE_NAME);
END $$;

-- Group roles: `GRANT workflow_app TO …` is all that an application's own role needs. A worker is an application too.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['workflow_app', 'workflow_worker', 'workflow_operator'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            EXCEPTION
                -- Roles belong to all databases of a server: somebody else may be making them.
                WHEN duplicate_object OR unique_violation THEN
                    NULL;
                WHEN insufficient_privilege THEN
                    RAISE NOTICE 'the role % was not created, for want of CREATEROLE: rights are left to you', name;
            END;
        END IF;
    END LOOP;
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_auth_members m
            WHERE m.roleid = to_regrole('workflow_app') AND m.member = to_regrole('workflow_worker')) THEN
            GRANT workflow_app TO workflow_worker;
        END IF;
    EXCEPTION WHEN undefined_object OR insufficient_privilege OR unique_violation OR internal_error THEN
        RAISE NOTICE 'workflow_worker is not made a member of workflow_app: %', SQLERRM;
    END;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = 'workflow_app') THEN
        GRANT USAGE ON SCHEMA workflow TO workflow_app;
        GRANT SELECT ON workflow.models, workflow.edges, workflow.voided, workflow.schedules TO workflow_app;
    END IF;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = 'workflow_worker') THEN
        GRANT USAGE ON SCHEMA workflow TO workflow_worker;
        GRANT SELECT, INSERT, UPDATE ON workflow.schedules TO workflow_worker;
    END IF;
END $$;
