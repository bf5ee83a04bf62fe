CASE
    WHEN j.finished_at IS NOT NULL THEN 'finished'
    WHEN j.run_at = 'infinity' AND (j.kind <> 'timer' OR j.attempt > j.forgiven) THEN 'parked'
    WHEN j.run_at < now() - {late} THEN 'late'
    WHEN j.run_at <= now() THEN 'due'
    WHEN j.attempt = j.forgiven THEN 'scheduled'
    WHEN j.last_error IS NULL THEN 'running'
    ELSE 'failed'
END
