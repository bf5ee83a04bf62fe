INSERT INTO {jobs} (id, version, job, kind, run_at)
SELECT o.{id}, 1, {job}, {kind}, {run_at} FROM {table} o WHERE o.state = {state} AND {run_at} IS NOT NULL;
