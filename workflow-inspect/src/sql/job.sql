jsonb_build_object('id', j.id::text, 'version', j.version, 'kind', j.kind, 'job', j.job, 'standing', {standing},
    'run_at', j.run_at, 'due_in', CASE WHEN isfinite(j.run_at) THEN extract(epoch FROM j.run_at - now()) END,
    'attempt', j.attempt - j.forgiven, 'last_error', j.last_error)
