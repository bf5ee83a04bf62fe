-- The mails that shipped orders owe, by their keys.
SELECT h.id, 'order/' || h.id || '/' || h.version || '/send_tracking' AS key
FROM orders_history h
WHERE h.event = 'ship'
