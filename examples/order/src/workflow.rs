//! The declaration.

use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    /// An order, from checkout to the customer's door.
    pub workflow Order in orders {
        id: Uuid,
        customer_id: Uuid,
        sku: String,
        quantity: i32,

        states {
            /// Paid for, waiting for a warehouse.
            initial Placed,
            Reserved { warehouse: String },
            Shipped { tracking: String },
            final Delivered,
            final Cancelled { reason: String },
        }

        groups {
            Open = Placed | Reserved,
        }

        transitions {
            /// Takes the stock in the same transaction.
            reserve(warehouse: String): Placed -> Reserved with take_stock,
            ship(tracking: String): Reserved -> Shipped
                by book_courier pausing 1 second to 2 seconds within 2 seconds
                with hand_over
                then send_tracking pausing 1 second to 2 seconds within 2 seconds,
            undeliverable: Reserved -> Cancelled { reason: "no courier" } after 5 failures of book_courier with return_stock,
            deliver: Shipped -> Delivered
                with sql "INSERT INTO notifications (order_id, message) VALUES (NEW.id, 'Your order has arrived.')",
            cancel(reason: String): Open -> Cancelled with return_stock,
            expire: Placed -> Cancelled { reason: "not reserved in time" } after 30 minutes,
            change_quantity(quantity: i32): Placed,
        }
    }
}
