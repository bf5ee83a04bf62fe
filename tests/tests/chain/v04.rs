//! A state and an event with other labels, an arrow that leads elsewhere, another effect, another guard, timers with other times.

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
            initial Placed { basket: String },
            #[renamed_from = "reserved"]
            Allocated { warehouse: String, priority: i32 },
            Held { why: String, until: Option<DateTime<Utc>> },
            Shipped { tracking: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>> },
            final Delivered,
            final Lost,
            final Cancelled { reason: String },
        }

        groups {
            Open = Placed | Allocated,
        }

        transitions {
            #[renamed_from = "reserve"]
            allocate(warehouse: String, priority: i32): Placed -> Allocated
                with sql "INSERT INTO public.log (id, what) VALUES (NEW.id, 'allocated')",
            release: Allocated -> Held { why: "released", until: None },
            hold(why: String, until: Option<DateTime<Utc>>): Open -> Held,
            resume: Held -> Placed { basket: "resumed" },
            abandon(reason: String): Held -> Cancelled,
            ship(tracking: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>>): Allocated -> Shipped
                by book_courier then send_tracking,
            lose: Shipped -> Lost at due,
            deliver: Shipped -> Delivered,
            cancel(reason: String, note: Option<String>): Open -> Cancelled,
            expire: Placed -> Cancelled { reason: "late" } after 45 minutes,
            change(quantity: i32, note: Option<String>): Placed if sql "NEW.quantity <> 14",
            wrap(gift: Option<String>, channel: String): Open,
        }
    }
}
