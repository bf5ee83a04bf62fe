//! The workflow has another label, a timer's event too, and an activity is done where rows are waiting.

use chrono::{DateTime, Utc};
use uuid::Uuid;

workflow_runtime::workflow! {
    /// A purchase.
    #[renamed_from = "order"]
    pub(crate) workflow Purchase in orders {
        id: Uuid,
        article: String,
        grams: i64,
        note: Option<String>,
        code: Option<String>,

        states {
            initial Draft,
            Placed { basket: String },
            Allocated,
            Packed { warehouse: String, #[label = "boxes_bigint"] boxes: i64 },
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
            pack(warehouse: String, boxes: i64): Allocated -> Packed by pick,
            ship(parcel: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>>): Allocated | Packed -> Shipped,
            lose: Shipped -> Lost,
            deliver: Shipped -> Delivered,
            send_back: Delivered -> Returned,
            cancel(reason: String, note: Option<String>, who: Option<String>): Open -> Cancelled,
            #[renamed_from = "expire"]
            lapse: Placed -> Cancelled { reason: "late", who: None } after 2 hours,
            change(grams: i64, note: Option<String>): Placed,
            claim(code: Option<String>): Placed,
        }
    }
}
