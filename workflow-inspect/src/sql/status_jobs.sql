SELECT to_jsonb(counted) FROM (
    SELECT standing.kind, standing.job,
        count(*) FILTER (WHERE standing.stands = 'scheduled') AS scheduled,
        count(*) FILTER (WHERE standing.stands IN ('due', 'late')) AS due,
        count(*) FILTER (WHERE standing.stands = 'late') AS late,
        count(*) FILTER (WHERE standing.stands = 'running') AS running,
        count(*) FILTER (WHERE standing.stands = 'failed') AS failed,
        count(*) FILTER (WHERE standing.stands = 'parked') AS parked,
        min(standing.run_at) FILTER (WHERE standing.stands IN ('due', 'late')) AS oldest_due,
        extract(epoch FROM now() - min(standing.run_at) FILTER (WHERE standing.stands IN ('due', 'late'))) AS oldest_due_for
    FROM (SELECT j.kind, j.job, j.run_at, {standing} AS stands FROM {jobs} j WHERE j.finished_at IS NULL) standing
    GROUP BY standing.kind, standing.job
    ORDER BY standing.kind, standing.job) counted
