BEGIN
    IF (SELECT count(*) FROM pg_catalog.pg_roles r WHERE r.rolname IN ('workflow_app', 'workflow_worker', 'workflow_operator')) = 3 THEN
        {schema}
        GRANT SELECT, INSERT, UPDATE ON {table} TO workflow_app;
        GRANT SELECT ON {history}, {beside.timeline}, {beside.stuck} TO workflow_app;
        GRANT EXECUTE ON FUNCTION {beside.done}({id_type}, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION {beside.void}({id_type}, uuid) TO workflow_app;
        GRANT EXECUTE ON FUNCTION {beside.recorded}(jsonb) TO workflow_app;
        {events}
        GRANT SELECT, UPDATE, DELETE ON {jobs} TO workflow_worker;
        GRANT EXECUTE ON FUNCTION {beside.force}({id_type}, text, jsonb, text) TO workflow_operator;
    END IF;
END
