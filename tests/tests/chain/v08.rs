//! Nothing is unique any more, instances start elsewhere, a state's field has another name and another one is required.

use chrono::{DateTime, Utc};
use uuid::Uuid;

workflow_runtime::workflow! {
    /// An order.
    pub(crate) workflow Order in orders {
        id: Uuid,
        article: String,
        grams: i64,
        note: Option<String>,
        code: Option<String>,

        states {
            initial Draft,
            Placed { basket: String },
            Allocated,
            Packed { warehouse: String, boxes: i32 },
            Shipped { #[renamed_from = "tracking"] parcel: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>> },
            final Delivered,
            final Lost,
            final Cancelled { reason: String, #[default = "nobody"] who: String },
        }

        groups {
            Open = Placed | Allocated,
        }

        transitions {
            place(basket: String): Draft -> Placed,
            allocate: Placed -> Allocated with sql "INSERT INTO public.log (id, what) VALUES (NEW.id, 'allocated')",
            release: Allocated -> Placed { basket: "released" },
            pack(warehouse: String, boxes: i32): Allocated -> Packed,
            ship(parcel: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>>): Allocated | Packed -> Shipped,
            lose: Shipped -> Lost,
            deliver: Shipped -> Delivered,
            cancel(reason: String, note: Option<String>, who: String): Open -> Cancelled,
            expire: Placed -> Cancelled { reason: "late", who: "the clock" } after 2 hours,
            change(grams: i64, note: Option<String>): Placed if sql "NEW.grams <> 14000",
            claim(code: Option<String>): Placed,
        }
    }
}
