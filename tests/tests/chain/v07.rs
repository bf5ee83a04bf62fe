//! A required field is optional, fields are unique, a running timer gets another time, a field moves to the next state.

use chrono::{DateTime, Utc};
use uuid::Uuid;

workflow_runtime::workflow! {
    /// An order.
    #[dropped(Allocated.warehouse = "main")]
    pub(crate) workflow Order in orders {
        id: Uuid,
        article: String,
        grams: i64,
        #[default = "none"]
        note: Option<String>,
        #[unique]
        code: Option<String>,

        states {
            initial Placed { basket: String },
            Allocated,
            Packed { warehouse: String, boxes: i32 },
            Shipped { #[unique] tracking: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>> },
            final Delivered,
            final Lost,
            final Cancelled { reason: String, who: Option<String> },
        }

        groups {
            Open = Placed | Allocated,
        }

        transitions {
            allocate: Placed -> Allocated with sql "INSERT INTO public.log (id, what) VALUES (NEW.id, 'allocated')",
            release: Allocated -> Placed { basket: "released" },
            pack(warehouse: String, boxes: i32): Allocated -> Packed,
            ship(tracking: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>>): Allocated | Packed -> Shipped,
            lose: Shipped -> Lost,
            deliver: Shipped -> Delivered,
            cancel(reason: String, note: Option<String>, who: Option<String>): Open -> Cancelled,
            #[retime]
            expire: Placed -> Cancelled { reason: "late", who: None } after 2 hours,
            change(grams: i64, note: Option<String>): Placed if sql "NEW.grams <> 14000",
            claim(code: Option<String>): Placed,
        }
    }
}
