//! A state goes with its rows, common fields go, and so do an activity, a task and a timer.

use chrono::{DateTime, Utc};
use uuid::Uuid;

workflow_runtime::workflow! {
    /// An order.
    #[removed(Held -> Cancelled { reason: "was held" })]
    #[dropped(gift)]
    #[dropped(channel = "none")]
    pub(crate) workflow Order in orders {
        id: Uuid,
        sku: String,
        quantity: i32,
        note: Option<String>,

        states {
            initial Placed { basket: String },
            Allocated { warehouse: String, priority: i32 },
            Shipped { tracking: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>> },
            final Delivered,
            final Lost,
            final Cancelled { reason: String },
        }

        groups {
            Open = Placed | Allocated,
        }

        transitions {
            allocate(warehouse: String, priority: i32): Placed -> Allocated
                with sql "INSERT INTO public.log (id, what) VALUES (NEW.id, 'allocated')",
            release: Allocated -> Placed { basket: "released" },
            ship(tracking: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>>): Allocated -> Shipped,
            lose: Shipped -> Lost,
            deliver: Shipped -> Delivered,
            cancel(reason: String, note: Option<String>): Open -> Cancelled,
            expire: Placed -> Cancelled { reason: "late" } after 45 minutes,
            change(quantity: i32, note: Option<String>): Placed if sql "NEW.quantity <> 14",
        }
    }
}
