WITH waiting AS MATERIALIZED (
    SELECT p.id, p.version, p.job FROM {jobs} j JOIN {table} o ON o.{key} = j.id
    JOIN {parents} p ON p.id = o.{column} AND p.kind = 'join' AND p.finished_at IS NULL AND p.run_at < 'infinity'
    WHERE j.id = $1 AND j.version = $2 AND j.kind = $3 AND j.job = $4 AND j.attempt = $5
    ORDER BY p.version, p.job FOR NO KEY UPDATE OF p
), told AS (
    UPDATE {parents} p SET run_at = now(), attempt = p.attempt + 1, forgiven = p.attempt + 1
    FROM waiting w WHERE p.id = w.id AND p.version = w.version AND p.kind = 'join' AND p.job = w.job
    RETURNING 1
), all_told AS MATERIALIZED (SELECT count(*) AS number FROM told)
DELETE FROM {jobs} j USING all_told t
WHERE t.number >= 0 AND j.id = $1 AND j.version = $2 AND j.kind = $3 AND j.job = $4 AND j.attempt = $5
