-- Orders that have not come to their end, and jobs.
SELECT (SELECT count(*) FROM orders WHERE state NOT IN ('delivered', 'cancelled')) + (SELECT count(*) FROM orders_jobs)
