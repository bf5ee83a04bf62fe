DELETE FROM shipments_jobs;
