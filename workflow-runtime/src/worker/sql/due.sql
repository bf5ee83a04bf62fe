, (SELECT count(*) FROM (SELECT FROM {jobs} d
WHERE d.finished_at IS NULL AND d.run_at <= now() AND (d.kind, d.job) IN ({known}) LIMIT 10000) c) AS due
