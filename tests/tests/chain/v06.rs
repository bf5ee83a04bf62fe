//! A common field with another name, one of another type, an optional one that is required, a state's field that goes, and a
//! state that shares a field.

use chrono::{DateTime, Utc};
use uuid::Uuid;

workflow_runtime::workflow! {
    /// An order.
    #[dropped(Allocated.priority = 1)]
    pub(crate) workflow Order in orders {
        id: Uuid,
        #[renamed_from = "sku"]
        article: String,
        #[renamed_from = "quantity"]
        #[was(i32, "quantity * 1000", "(grams / 1000)::integer")]
        grams: i64,
        #[default = "none"]
        note: String,

        states {
            initial Placed { basket: String },
            Allocated { warehouse: String },
            Packed { warehouse: String, boxes: i32 },
            Shipped { tracking: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>> },
            final Delivered,
            final Lost,
            final Cancelled { reason: String },
        }

        groups {
            Open = Placed | Allocated,
        }

        transitions {
            allocate(warehouse: String): Placed -> Allocated
                with sql "INSERT INTO public.log (id, what) VALUES (NEW.id, 'allocated')",
            release: Allocated -> Placed { basket: "released" },
            pack(boxes: i32): Allocated -> Packed,
            ship(tracking: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>>): Allocated | Packed -> Shipped,
            lose: Shipped -> Lost,
            deliver: Shipped -> Delivered,
            cancel(reason: String, note: String): Open -> Cancelled,
            expire: Placed -> Cancelled { reason: "late" } after 45 minutes,
            change(grams: i64, note: String): Placed if sql "NEW.grams <> 14000",
        }
    }
}
