WITH known AS MATERIALIZED (
    SELECT {declared} || ARRAY(SELECT e.from_state || '>' || e.event || '>' || e.to_state FROM workflow.edges e
            WHERE e.workflow = ($1::text[])[1] AND e.mode <> 'migrate') AS arrows,
        (SELECT m.migrated_at FROM workflow.models m WHERE m.workflow = ($1::text[])[1]) AS migrated_at
)
SELECT jsonb_build_object('fault', found.fault, 'id', found.id, 'version', found.version, 'said', found.said, 'older', found.older)
FROM (
    SELECT s.id::text AS id, s.version, f.fault, f.said, f.excusable AND coalesce(s.at < known.migrated_at, false) AS older
    FROM known CROSS JOIN (
        SELECT h.*, lag(h.version) OVER steps AS before, lag(h.to_state) OVER steps AS was
        FROM {history} h WINDOW steps AS (PARTITION BY h.id ORDER BY h.version)) s
    CROSS JOIN LATERAL (VALUES
        ('gap', false, CASE WHEN s.version <> coalesce(s.before, 0) + 1 THEN
            format('version %s is there, and %s is not', s.version, coalesce(s.before, 0) + 1) END),
        ('beginning', false, CASE WHEN s.before IS NULL AND s.version = 1 AND (s.from_state IS NOT NULL OR s.event NOT IN ('create', 'adopt')) THEN
            format('it begins with %s from %s', s.event, coalesce(s.from_state, 'nothing')) END),
        ('beginning', true, CASE WHEN s.before IS NULL AND s.event = 'create' AND s.to_state <> ALL ({initials}) THEN
            format('it was created in %s, where no instance starts', s.to_state) END),
        ('chain', false, CASE WHEN s.version = s.before + 1 AND s.from_state IS DISTINCT FROM s.was THEN
            format('it starts in %s, and the step before led to %s', coalesce(s.from_state, 'nothing'), s.was) END),
        ('arrow', true, CASE WHEN s.before IS NOT NULL AND s.event NOT IN ('force', 'migrate')
            AND (s.from_state || '>' || s.event || '>' || s.to_state = ANY (known.arrows)) IS NOT TRUE THEN
            format('%s leads from %s to %s: there is no such arrow', s.event, coalesce(s.from_state, 'nothing'), s.to_state) END),
        ('note', false, CASE WHEN s.event IN ('force', 'migrate') AND coalesce(s.note, '') = '' THEN
            format('%s has no reason', s.event) END)
    ) f (fault, excusable, said)
    WHERE f.said IS NOT NULL
) found
