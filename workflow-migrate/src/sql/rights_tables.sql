        GRANT SELECT, INSERT, UPDATE ON {table} TO workflow_app;
        GRANT SELECT ON {history}, {beside.timeline}, {beside.stuck} TO workflow_app;
        GRANT SELECT, UPDATE, DELETE ON {jobs} TO workflow_worker;
