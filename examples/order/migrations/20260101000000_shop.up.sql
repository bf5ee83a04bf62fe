-- The application's own tables, written by hand, beside the generated ones.

CREATE TABLE inventory (
    sku      text PRIMARY KEY,
    initial  integer NOT NULL,
    on_hand  integer NOT NULL CHECK (on_hand >= 0),
    reserved integer NOT NULL DEFAULT 0 CHECK (reserved >= 0)
);

-- Each movement of stock, added only. Nothing here is unique: what takes effect twice is seen twice.
CREATE TABLE stock_moves (
    order_id uuid NOT NULL,
    sku      text NOT NULL,
    quantity integer NOT NULL,
    move     text NOT NULL CHECK (move IN ('taken', 'returned', 'shipped')),
    moved_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE shipments (
    order_id  uuid PRIMARY KEY,
    sku       text NOT NULL REFERENCES inventory,
    quantity  integer NOT NULL,
    warehouse text NOT NULL,
    tracking  text NOT NULL UNIQUE
);

CREATE TABLE notifications (
    order_id uuid PRIMARY KEY,
    message  text NOT NULL,
    sent_at  timestamptz NOT NULL DEFAULT now()
);
