UPDATE {jobs} j SET run_at = now()
WHERE j.id = ($1::text[])[1]::{id_type} AND j.job = ($1::text[])[2] AND j.version = ($1::text[])[3]::bigint
    AND j.kind = ($1::text[])[4] AND j.attempt - j.forgiven = ($1::text[])[5]::integer
    AND j.finished_at IS NULL AND j.last_error IS NOT NULL AND isfinite(j.run_at) AND j.run_at > now() + {lease}
RETURNING to_jsonb(true)
