SELECT account, version, event, amount FROM entries WHERE account = ANY ($1) ORDER BY account, version, event, amount
