WITH done AS MATERIALIZED (
    SELECT j.id, j.version FROM {jobs} j
    JOIN unnest($3, $4, $5) AS v (id, version, attempt) ON v.id = j.id AND v.version = j.version AND v.attempt = j.attempt
    WHERE j.kind = $1 AND j.job = $2
    ORDER BY j.id, j.version FOR UPDATE OF j)
DELETE FROM {jobs} j USING done d WHERE j.id = d.id AND j.version = d.version AND j.kind = $1 AND j.job = $2
RETURNING j.id, j.version
