//! A state with fields, arrows to it and from it, a group, common fields with and without a default, an activity and a task.

use chrono::{DateTime, Utc};
use uuid::Uuid;

workflow_runtime::workflow! {
    /// An order.
    pub(crate) workflow Order in orders {
        id: Uuid,
        sku: String,
        quantity: i32,
        note: Option<String>,
        #[default = "shop"]
        channel: String,
        gift: Option<String>,

        states {
            initial Placed,
            Reserved { warehouse: String },
            Held { why: String, until: Option<DateTime<Utc>> },
            Shipped { tracking: String },
            final Delivered,
            final Cancelled { reason: String },
        }

        groups {
            Open = Placed | Reserved,
        }

        transitions {
            reserve(warehouse: String): Placed -> Reserved,
            release: Reserved -> Placed,
            hold(why: String, until: Option<DateTime<Utc>>): Open -> Held,
            resume: Held -> Placed,
            abandon(reason: String): Held -> Cancelled,
            ship(tracking: String): Reserved -> Shipped by book_courier then send_tracking,
            deliver: Shipped -> Delivered,
            cancel(reason: String): Open -> Cancelled,
            expire: Placed -> Cancelled { reason: "late" } after 30 minutes,
            change(quantity: i32, note: Option<String>): Placed,
            wrap(gift: Option<String>, channel: String): Open,
        }
    }
}
