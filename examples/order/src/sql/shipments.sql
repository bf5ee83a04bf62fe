-- Orders that lack what their state promises, or have what it does not.
SELECT count(*)
FROM orders o
LEFT JOIN shipments s ON s.order_id = o.id
LEFT JOIN notifications n ON n.order_id = o.id
WHERE (s.order_id IS NOT NULL) <> (o.state IN ('shipped', 'delivered'))
   OR (n.order_id IS NOT NULL) <> (o.state = 'delivered')
