-- What the log of jobs says. An attempt before whose end nothing was written has lost its lease. A job is overtaken while another that
-- was due later is taken before it; nobody is there for it while none is taken at all. There is nobody without a server, either.
WITH claims AS (
    SELECT l.*, ready,
           max(due) OVER (PARTITION BY job ORDER BY at, due ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS due_before,
           max(at) OVER (ORDER BY at, due ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS at_before
    FROM job_log l JOIN servers ON started = server
    WHERE what = 'claimed'
)
SELECT count(*) AS attempts,
       count(*) FILTER (WHERE attempt > 1) AS retries,
       count(*) FILTER (WHERE attempt > 1 AND NOT EXISTS (
           SELECT FROM job_log f WHERE (f.id, f.version, f.job, f.attempt, f.what) = (c.id, c.version, c.job, c.attempt - 1, 'failed')
       )) AS lapsed,
       (SELECT count(*) FROM job_log WHERE what = 'parked') AS parked,
       coalesce(extract(epoch FROM max(next - at)), 0)::float8 AS leased,
       coalesce(extract(epoch FROM max(at - greatest(due, ready))), 0)::float8 AS late,
       coalesce(extract(epoch FROM max(due_before - due)), 0)::float8 AS overtaken,
       coalesce(extract(epoch FROM max(at - greatest(due, ready, at_before))), 0)::float8 AS idle
FROM claims c
