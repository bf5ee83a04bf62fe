-- What is not finished, by state and age, and the work that is late for it.
CREATE VIEW {beside.stuck} AS
SELECT o.state, o.entered_at, now() - o.entered_at AS age, o.{id} AS id, o.version,
       late.jobs AS late_jobs, late.oldest AS late_since, late.attempts, late.last_error
FROM {table} o
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs, min(j.run_at) AS oldest, max(j.attempt - j.forgiven) AS attempts,
           (array_agg(j.last_error ORDER BY j.attempt DESC) FILTER (WHERE j.last_error IS NOT NULL))[1] AS last_error
    FROM {jobs} j
    WHERE j.id = o.{id} AND j.finished_at IS NULL AND j.run_at < now()
) late
{open}
ORDER BY o.state, o.entered_at;
