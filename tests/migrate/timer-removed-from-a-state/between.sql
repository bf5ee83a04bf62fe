DELETE FROM orders_jobs j USING orders o WHERE o.id = j.id AND o.state = 'reserved';
