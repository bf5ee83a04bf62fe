        GRANT SELECT, INSERT, UPDATE ON {table} TO workflow_app;
        GRANT SELECT ON {history} TO workflow_app;
        GRANT SELECT, UPDATE, DELETE ON {jobs} TO workflow_worker;
