SELECT coalesce(sum(version), 0)::bigint FROM accounts
