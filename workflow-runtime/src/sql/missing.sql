-- Which of these facts does the migrated model lack?
SELECT m.fingerprint, ARRAY(SELECT f FROM unnest($2::text[]) f WHERE NOT m.model -> 'facts' ? f) AS missing
FROM workflow.models m
WHERE m.workflow = $1
