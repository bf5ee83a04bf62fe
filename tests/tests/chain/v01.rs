//! The first version.

use uuid::Uuid;

workflow_runtime::workflow! {
    /// An order.
    pub(crate) workflow Order in orders {
        id: Uuid,
        sku: String,
        quantity: i32,
        note: Option<String>,

        states {
            initial Placed,
            Reserved { warehouse: String },
            Shipped { tracking: String },
            final Delivered,
            final Cancelled { reason: String },
        }

        transitions {
            reserve(warehouse: String): Placed -> Reserved,
            release: Reserved -> Placed,
            ship(tracking: String): Reserved -> Shipped,
            deliver: Shipped -> Delivered,
            cancel(reason: String): Placed | Reserved -> Cancelled,
            expire: Placed -> Cancelled { reason: "late" } after 30 minutes,
            change(quantity: i32, note: Option<String>): Placed,
        }
    }
}
