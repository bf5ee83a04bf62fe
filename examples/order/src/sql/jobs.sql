-- What the log of jobs says. An attempt before whose end nothing was written has lost its lease. Nobody is late while there is no server.
SELECT count(*) FILTER (WHERE what = 'claimed') AS attempts,
       count(*) FILTER (WHERE what = 'claimed' AND attempt > 1) AS retries,
       count(*) FILTER (WHERE what = 'claimed' AND attempt > 1 AND NOT EXISTS (
           SELECT FROM job_log f WHERE (f.id, f.version, f.job, f.attempt, f.what) = (l.id, l.version, l.job, l.attempt - 1, 'failed')
       )) AS lapsed,
       count(*) FILTER (WHERE what = 'parked') AS parked,
       coalesce(extract(epoch FROM max(at - greatest(due, ready)) FILTER (WHERE what = 'claimed')), 0)::float8 AS latest,
       coalesce(extract(epoch FROM max(next - at) FILTER (WHERE what = 'claimed')), 0)::float8 AS longest
FROM job_log l
JOIN servers ON started = server
