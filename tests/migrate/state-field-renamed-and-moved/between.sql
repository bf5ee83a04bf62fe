-- A binary of the version before picks: it clears the old column, and gives nothing for the new one.
UPDATE orders SET state = 'picked', event = 'pick', version = version + 1, entered_at = now(), warehouse = NULL
WHERE id = (SELECT id FROM orders WHERE state = 'reserved' LIMIT 1);
