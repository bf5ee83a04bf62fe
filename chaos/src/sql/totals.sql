SELECT account, balance, entries FROM totals WHERE account = ANY ($1)
