DO $$
DECLARE
    pending text;
BEGIN
    SELECT string_agg(format('%s of the %s %s', left_over.jobs, left_over.kind, left_over.job), ', ' ORDER BY left_over.job) INTO pending
    FROM (SELECT j.kind, j.job, count(*) AS jobs FROM {jobs} j
          WHERE j.finished_at IS NULL AND {which}{elsewhere}
          GROUP BY j.kind, j.job) left_over;
    IF pending IS NOT NULL THEN
        RAISE EXCEPTION USING MESSAGE = format('%s has work that no newer binary carries out: %s', {jobs_text}, pending),
            HINT = 'Let the version before finish it, or delete these rows if it is not to be done; then apply this file again.';
    END IF;
END $$;
