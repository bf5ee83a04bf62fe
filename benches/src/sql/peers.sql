-- How many orders are through, with all their steps in the ledger, and how many have more steps than there are.
SELECT count(*) FILTER (WHERE o.state = 'delivered' AND l.steps >= 3 AND l.last = 'delivered') AS delivered,
       count(*) FILTER (WHERE l.steps > 3) AS doubled
FROM ORDERS o JOIN ledger l ON l.order_id = o.id
