SELECT jsonb_build_object('fault', found.fault, 'id', found.id, 'version', found.version, 'said', found.said, 'older', found.older)
FROM (
    SELECT j.id::text AS id, j.version, f.fault, format('%s %s %s', j.kind, j.job, f.said) AS said, coalesce(f.older, false) AS older
    FROM (SELECT coalesce((SELECT m.migrated_at FROM workflow.models m WHERE m.workflow = ($1::text[])[1]), '-infinity') AS migrated_at) since
    CROSS JOIN (SELECT j.*, count(*) OVER (PARTITION BY j.id, j.kind, j.job) AS times FROM {jobs} j) j
    LEFT JOIN {table} o ON o.{id} = j.id
    LEFT JOIN LATERAL {entry} entry ON j.kind <> 'task'
    LEFT JOIN {history} made ON made.id = j.id AND made.version = j.version
    CROSS JOIN LATERAL (
        SELECT bool_or(v.state = o.state) AS here, max(v.due) FILTER (WHERE v.state = o.state) AS due,
            bool_or(v.moves) FILTER (WHERE v.state = o.state) AS moves, count(*) > 0 AS known
        FROM (VALUES {bound}) v (state, kind, job, required, once, due, moves) WHERE v.kind = j.kind AND v.job = j.job) b
    CROSS JOIN LATERAL (
        SELECT count(*) > 0 AS known,
            bool_or(v.step = coalesce(made.from_state, '') || '>' || made.event || '>' || made.to_state) AS made
        FROM (VALUES {tasks}) v (step, job) WHERE v.job = j.job) t
    CROSS JOIN LATERAL (VALUES
        ('job_orphan', false, CASE WHEN o.version IS NULL AND j.kind <> 'creation' THEN 'is of an instance that is not there' END),
        ('job_unknown', false, CASE WHEN NOT (CASE j.kind WHEN 'task' THEN t.known WHEN 'creation' THEN j.job = 'create' ELSE b.known END) THEN 'is declared nowhere' END),
        ('job_elsewhere', false, CASE WHEN j.kind <> 'task' AND b.known AND b.here IS NOT TRUE AND o.version IS NOT NULL THEN
            format('is not one of the state %s', o.state)
            WHEN b.here AND b.due IS NULL THEN 'is there, and the field that has its time is empty' END),
        ('job_version', entry.at < since.migrated_at, CASE WHEN b.here AND (j.version NOT BETWEEN entry.version AND o.version
            OR j.version <> entry.version AND NOT b.moves) THEN
            format('is of version %s, and the state was entered at %s', j.version, entry.version) END),
        ('job_twice', false, CASE WHEN b.here AND j.times > 1 THEN format('is there %s times', j.times) END),
        -- A day is an hour shorter or longer where a clock was changed.
        ('job_early', entry.at < since.migrated_at, CASE WHEN b.here AND j.run_at < b.due - (CASE WHEN b.moves THEN interval '0' ELSE interval '1 hour' END)
            OR b.here AND NOT b.moves AND b.due - o.entered_at < interval '1 day' AND j.run_at < b.due THEN
            format('is to run at %s, and not before %s', j.run_at, b.due) END),
        ('job_put_off', entry.at < since.migrated_at, CASE WHEN b.here AND j.finished_at IS NULL AND j.attempt = j.forgiven AND j.last_error IS NULL
            AND b.due IS NOT NULL AND j.run_at > greatest(b.due, now()) + interval '1 day' THEN
            format('is to run at %s, and was not tried; its time is %s', j.run_at, b.due) END),
        ('task_unmade', made.at < since.migrated_at, CASE WHEN j.kind = 'task' AND t.known AND o.version IS NOT NULL AND t.made IS NOT TRUE THEN
            'was made by no step that makes it' END)
    ) f (fault, older, said)
    WHERE f.said IS NOT NULL
) found
