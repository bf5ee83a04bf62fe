//! A final state has a way out, an arrow goes, a state's field has another type, another one is optional, and SQL is gone.

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
            Packed {
                warehouse: String,
                #[label = "boxes_bigint"]
                #[renamed_from = "boxes"]
                #[was(i32)]
                boxes: i64,
            },
            Shipped { parcel: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>> },
            Delivered,
            final Returned,
            final Lost,
            final Cancelled { reason: String, who: Option<String> },
        }

        groups {
            Open = Placed | Allocated,
        }

        transitions {
            place(basket: String): Draft -> Placed,
            allocate: Placed -> Allocated,
            pack(warehouse: String, boxes: i64): Allocated -> Packed,
            ship(parcel: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>>): Allocated | Packed -> Shipped,
            lose: Shipped -> Lost,
            deliver: Shipped -> Delivered,
            send_back: Delivered -> Returned,
            cancel(reason: String, note: Option<String>, who: Option<String>): Open -> Cancelled,
            expire: Placed -> Cancelled { reason: "late", who: None } after 2 hours,
            change(grams: i64, note: Option<String>): Placed,
            claim(code: Option<String>): Placed,
        }
    }
}
