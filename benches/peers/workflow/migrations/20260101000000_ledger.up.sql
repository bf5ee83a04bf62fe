CREATE TABLE ledger (order_id uuid PRIMARY KEY, steps integer NOT NULL DEFAULT 0, last text);
