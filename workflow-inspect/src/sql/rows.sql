SELECT o.state, count(*) AS rows FROM {table} o GROUP BY o.state ORDER BY o.state
