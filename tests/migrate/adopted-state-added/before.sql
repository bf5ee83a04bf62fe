CREATE TABLE orders (id uuid PRIMARY KEY, sku text NOT NULL, quantity integer NOT NULL, status text NOT NULL DEFAULT 'placed');
