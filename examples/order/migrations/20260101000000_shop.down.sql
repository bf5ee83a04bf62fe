DROP TABLE notifications, shipments, stock_moves, inventory;
