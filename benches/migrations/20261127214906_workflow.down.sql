-- Takes away what all workflows share, when no workflow is left. The group roles stay: they belong to all databases of the server.
SET LOCAL lock_timeout = '5s';

DO $$
BEGIN
    IF EXISTS (SELECT FROM workflow.models) THEN
        RAISE NOTICE 'the schema workflow stays: it still serves %',
            (SELECT string_agg(m.workflow, ', ' ORDER BY m.workflow) FROM workflow.models m);
        RETURN;
    END IF;
    DROP FUNCTION workflow.refuse();
    DROP FUNCTION workflow.tolerate(text, text, text, text, text, boolean, boolean);
    DROP TABLE workflow.schedules;
    DROP TABLE workflow.voided;
    DROP TABLE workflow.edges;
    DROP TABLE workflow.models;
    DROP SCHEMA workflow;
END $$;
