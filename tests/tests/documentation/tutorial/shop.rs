//! What the shop does along with an order.

use crate::workflow::Order;
use crate::workflow::order::{self, Placed, Reserved};
use sqlx::PgConnection;

pub struct Shop;

impl order::Effects for Shop {
    type Error = sqlx::Error;

    async fn take_stock(
        &self,
        tx: &mut PgConnection,
        _before: &Order<Placed>,
        after: &Order<Reserved>,
        _event: &order::event::Reserve,
    ) -> Result<(), sqlx::Error> {
        let taken = sqlx::query("UPDATE inventory SET on_hand = on_hand - $2 WHERE sku = $1")
            .bind(&after.sku)
            .bind(after.quantity)
            .execute(tx)
            .await?;
        if taken.rows_affected() == 0 { Err(sqlx::Error::RowNotFound) } else { Ok(()) }
    }
}
