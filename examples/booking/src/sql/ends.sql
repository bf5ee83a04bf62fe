SELECT state, reason, count(*) FROM trips GROUP BY state, reason ORDER BY state, count(*) DESC
