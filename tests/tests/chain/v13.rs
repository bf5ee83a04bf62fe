//! The effect is the database's, creation has none, a common field and a timer go, a state is final again.

use chrono::{DateTime, Utc};
use uuid::Uuid;

workflow_runtime::workflow! {
    /// A purchase.
    #[dropped(code)]
    #[removed(Returned -> Delivered)]
    pub(crate) workflow Purchase in sales.purchases {
        id: Uuid,
        article: String,
        grams: i64,
        note: Option<String>,

        states {
            initial Draft,
            Placed { basket: String },
            Allocated { warehouse: String },
            Packed { warehouse: String, #[label = "boxes_bigint"] boxes: i64 },
            Shipped { parcel: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>> },
            final Delivered,
            final Cancelled { reason: String, who: Option<String> },
        }

        transitions {
            place(basket: String): Draft -> Placed,
            allocate(warehouse: String): Placed -> Allocated,
            pack(boxes: i64): Allocated -> Packed by pick,
            ship(parcel: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>>): Allocated | Packed -> Shipped,
            #[label = "deliver_2"]
            deliver: Shipped -> Delivered with sql "INSERT INTO public.log (id, what) VALUES (NEW.id, 'delivered')",
            cancel(reason: String, note: Option<String>, who: Option<String>): Placed | Allocated -> Cancelled,
            change(grams: i64, note: Option<String>): Placed,
        }
    }
}
