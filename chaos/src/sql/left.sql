SELECT (SELECT count(*) FROM accounts WHERE state NOT IN ('open', 'closed')) + (SELECT count(*) FROM parts WHERE state <> 'done')
     + (SELECT count(*) FROM accounts_jobs) + (SELECT count(*) FROM parts_jobs)
