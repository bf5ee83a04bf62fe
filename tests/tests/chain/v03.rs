//! Fields of states that rows are in and leave, a timer at a field, a state, effects and guards in SQL, another payload.

use chrono::{DateTime, Utc};
use uuid::Uuid;

workflow_runtime::workflow! {
    /// An order.
    pub(crate) workflow Order in orders {
        id: Uuid,
        sku: String,
        quantity: i32,
        note: Option<String>,
        channel: String,
        gift: Option<String>,

        states {
            initial Placed { #[default = "none"] basket: String },
            Reserved { warehouse: String, #[default = 1] priority: i32 },
            Held { why: String, until: Option<DateTime<Utc>> },
            Shipped { tracking: String, eta: Option<DateTime<Utc>> },
            final Delivered,
            final Lost,
            final Cancelled { reason: String },
        }

        groups {
            Open = Placed | Reserved,
        }

        transitions {
            reserve(warehouse: String, priority: i32): Placed -> Reserved
                with sql "INSERT INTO public.log (id, what) VALUES (NEW.id, 'reserved')",
            release: Reserved -> Placed { basket: "released" },
            hold(why: String, until: Option<DateTime<Utc>>): Open -> Held,
            resume: Held -> Placed { basket: "resumed" },
            abandon(reason: String): Held -> Cancelled,
            ship(tracking: String, eta: Option<DateTime<Utc>>): Reserved -> Shipped by book_courier then send_tracking,
            lose: Shipped -> Lost at eta,
            deliver: Shipped -> Delivered,
            cancel(reason: String, note: Option<String>): Open -> Cancelled,
            expire: Placed -> Cancelled { reason: "late" } after 30 minutes,
            change(quantity: i32, note: Option<String>): Placed if sql "NEW.quantity <> 13",
            wrap(gift: Option<String>, channel: String): Open,
        }
    }
}
