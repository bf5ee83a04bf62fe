DELETE FROM orders_jobs;
