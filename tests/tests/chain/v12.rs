//! The table has another name, a state gets a field that others have, creation and a transition have effects in the application.

use super::App;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;
use workflow_runtime::BoxError;

workflow_runtime::workflow! {
    /// A purchase.
    #[moved_from(sales.orders)]
    pub(crate) workflow Purchase in sales.purchases {
        id: Uuid,
        article: String,
        grams: i64,
        note: Option<String>,
        code: Option<String>,

        states {
            initial Draft,
            Placed { basket: String },
            Allocated { #[default = "main"] warehouse: String },
            Packed { #[default = "main"] warehouse: String, #[label = "boxes_bigint"] boxes: i64 },
            Shipped { parcel: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>> },
            Delivered,
            final Returned,
            final Cancelled { reason: String, who: Option<String> },
        }

        groups {
            Open = Placed | Allocated,
        }

        transitions {
            create: -> Draft with sql "INSERT INTO public.log (id, what) VALUES (NEW.id, 'created')" then greet,
            place(basket: String): Draft -> Placed,
            allocate(warehouse: String): Placed -> Allocated,
            pack(boxes: i64): Allocated -> Packed by pick,
            ship(parcel: String, eta: Option<DateTime<Utc>>, due: Option<DateTime<Utc>>): Allocated | Packed -> Shipped,
            deliver: Shipped -> Delivered with note_delivery,
            send_back: Delivered -> Returned,
            cancel(reason: String, note: Option<String>, who: Option<String>): Open -> Cancelled,
            lapse: Placed -> Cancelled { reason: "late", who: None } after 2 hours,
            change(grams: i64, note: Option<String>): Placed,
            claim(code: Option<String>): Placed,
        }
    }
}

impl purchase::Effects for App {
    type Error = BoxError;

    async fn note_delivery(
        &self,
        tx: &mut PgConnection,
        before: &Purchase<purchase::Shipped>,
        _: &Purchase<purchase::Delivered>,
        _: &purchase::event::Deliver,
    ) -> Result<(), BoxError> {
        sqlx::query("INSERT INTO public.log (id, what) VALUES ($1, 'delivered')").bind(before.id).execute(tx).await?;
        Ok(())
    }
}
