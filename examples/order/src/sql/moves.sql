-- Orders whose movements of stock are not those of their history, one for one.
SELECT count(*)
FROM orders o
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE h.event = 'reserve') AS taken,
           count(*) FILTER (WHERE h.from_state = 'reserved' AND h.to_state = 'cancelled') AS returned,
           count(*) FILTER (WHERE h.event = 'ship') AS shipped
    FROM orders_history h WHERE h.id = o.id) h
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE m.move = 'taken') AS taken,
           count(*) FILTER (WHERE m.move = 'returned') AS returned,
           count(*) FILTER (WHERE m.move = 'shipped') AS shipped
    FROM stock_moves m WHERE m.order_id = o.id) m
WHERE (h.taken, h.returned, h.shipped) <> (m.taken, m.returned, m.shipped)
