-- What the database knows of these workflows ($1): their edges, and the fingerprints of their declarations.
SELECT 'edge' AS kind, e.workflow AS of, e.from_state || '>' || e.event || '>' || e.to_state AS name, 'mode' AS aspect, e.mode AS value
FROM workflow.edges e WHERE e.workflow = ANY ($1)
UNION ALL
SELECT 'record', m.workflow, '', 'fingerprint', m.fingerprint FROM workflow.models m WHERE m.workflow = ANY ($1)
