-- What the orders that a worker shipped know of their parcels.
SELECT s.order_id, s.tracking, 'order/' || h.id || '/' || h.version - 1 || '/book_courier' AS key
FROM shipments s
JOIN orders_history h ON h.id = s.order_id AND h.event = 'ship' AND h.actor = 'activity book_courier'
