-- What was there, where it is now, and how much of it the orders say is reserved.
SELECT i.sku, i.initial::bigint, i.on_hand::bigint, i.reserved::bigint,
       (SELECT coalesce(sum(s.quantity), 0) FROM shipments s WHERE s.sku = i.sku) AS shipped,
       (SELECT coalesce(sum(o.quantity), 0) FROM orders o WHERE o.sku = i.sku AND o.state = 'reserved') AS owed
FROM inventory i
ORDER BY i.sku
