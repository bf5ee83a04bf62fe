-- Where the orders for these have come to, and how.
SELECT count(*) FILTER (WHERE o.state = 'delivered') AS delivered,
       count(*) FILTER (WHERE o.state = 'cancelled') AS cancelled,
       count(*) FILTER (WHERE h.event = 'undeliverable') AS undeliverable,
       count(*) AS orders
FROM orders o
JOIN orders_history h ON h.id = o.id AND h.version = o.version
WHERE o.sku = ANY ($1)
