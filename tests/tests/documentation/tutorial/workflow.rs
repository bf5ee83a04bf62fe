//! The life of an order.

use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    /// An order, from checkout to the courier.
    pub workflow Order in orders {
        id: Uuid,
        sku: String,
        quantity: i32,

        states {
            /// Paid for, waiting for a warehouse.
            initial Placed,
            Reserved { warehouse: String },
            final Shipped { tracking: String },
            final Cancelled { reason: String },
        }

        transitions {
            reserve(warehouse: String): Placed -> Reserved with take_stock,
            ship(tracking: String): Reserved -> Shipped,
            cancel(reason: String): Placed -> Cancelled,
        }
    }
}
