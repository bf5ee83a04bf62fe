-- What writers were told of that history does not have; versions that do not follow, and rows that are not where history ends.
SELECT 'told, and not in history' AS what, t.id, t.version
FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS t (id, version, actor)
WHERE NOT EXISTS (SELECT FROM notes_history h WHERE h.id = t.id AND h.version = t.version AND h.actor = t.actor)
UNION ALL
SELECT 'does not follow', h.id, h.version
FROM (SELECT id, version, row_number() OVER (PARTITION BY id ORDER BY version) AS number FROM notes_history) h
WHERE h.version <> h.number
UNION ALL
SELECT 'the row is elsewhere', n.id, n.version
FROM notes n
WHERE NOT EXISTS (
    SELECT FROM notes_history h WHERE h.id = n.id AND h.version = n.version AND h.to_state IN (n.state, CASE n.state WHEN 'posted' THEN 'sent' END))
   OR EXISTS (SELECT FROM notes_history h WHERE h.id = n.id AND h.version > n.version)
