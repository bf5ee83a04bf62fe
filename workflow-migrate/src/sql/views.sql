-- How long each instance was in each state; internal transitions do not end a stay.
CREATE VIEW {beside.timeline} AS
SELECT stay.id, stay.version, stay.event, stay.state, stay.entered_at, stay.left_at,
       coalesce(stay.left_at, now()) - stay.entered_at AS spent
FROM (
    SELECT h.id, h.version, h.event, h.to_state AS state, h.at AS entered_at,
           lead(h.at) OVER (PARTITION BY h.id ORDER BY h.version) AS left_at
    FROM {history} h
    {stays}
) stay;

-- What is not finished, by state and age, and the work that is late for it.
CREATE VIEW {beside.stuck} AS
SELECT o.state, o.entered_at, now() - o.entered_at AS age, o.{id} AS id, o.version,
       late.jobs AS late_jobs, late.oldest AS late_since, late.attempts, late.last_error
FROM {table} o
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs, min(j.run_at) AS oldest, max(j.attempt) AS attempts,
           (array_agg(j.last_error ORDER BY j.attempt DESC) FILTER (WHERE j.last_error IS NOT NULL))[1] AS last_error
    FROM {jobs} j
    WHERE j.id = o.{id} AND j.finished_at IS NULL AND j.run_at < now()
) late
{open}
ORDER BY o.state, o.entered_at;
