-- A binary of the newer version leaves the column empty.
BEGIN;
INSERT INTO orders (id, article, quantity) VALUES ('00000000-0000-7000-8000-000000000099', NULL, 1);
ROLLBACK;
UPDATE orders SET article = NULL WHERE state = 'placed';
