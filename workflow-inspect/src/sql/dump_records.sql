SELECT 'edge ' || e::text FROM workflow.edges e
UNION ALL
SELECT 'model ' || m.workflow || ' ' || m.fingerprint || ' ' || m.model::text FROM workflow.models m
