//! The same statements for all.

/// The orders and the application's rows.
pub const CREATE: &str = "\
CREATE TABLE orders (id uuid PRIMARY KEY, state text NOT NULL);
CREATE TABLE ledger (order_id uuid PRIMARY KEY, steps integer NOT NULL, last text);";

/// So many orders.
pub const FILL_ORDERS: &str = "INSERT INTO orders (id, state) SELECT gen_random_uuid(), 'placed' FROM generate_series(1, $1)";

pub const FILL_LEDGER: &str = "INSERT INTO ledger (order_id, steps) SELECT id, 0 FROM orders";

pub const ANALYZE: &str = "VACUUM ANALYZE orders, ledger";

/// A step: the order and the application's row in one statement. It does not ask where the order stood: that each step is done
/// once is what the library is there for.
pub const STEP: &str = "\
WITH moved AS (UPDATE orders SET state = $2 WHERE id = $1)
UPDATE ledger SET steps = steps + 1, last = $2 WHERE order_id = $1";

/// What is not through, as a caller finds it.
pub const OPEN: &str = "SELECT id, state FROM orders WHERE state <> 'delivered' ORDER BY id";

/// How many are not through, and how many steps were done.
pub const PROGRESS: &str = "SELECT (SELECT count(*) FROM orders WHERE state <> 'delivered'), (SELECT sum(steps) FROM ledger)";
