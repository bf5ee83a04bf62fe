DROP TABLE notifications, shipments, inventory;
