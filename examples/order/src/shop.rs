//! The application: what happens to stock and shipments, each in the transaction of the order's own step.

use crate::partners::{PartnerError, Partners};
use crate::workflow::Order;
use crate::workflow::order::{self, Cancelled, Open, Placed, Reserved, Shipped};
use sqlx::PgConnection;
use workflow_runtime::Job;

/// The shop. Its effects need nothing but the transaction that they are lent; its work needs partners.
#[derive(Debug, Clone, Default)]
pub struct Shop {
    partners: Option<Partners>,
}

/// Why the shop says no.
#[derive(Debug, thiserror::Error)]
pub enum ShopError {
    /// There is no such thing in the inventory.
    #[error("`{0}` is not in the inventory")]
    UnknownSku(String),
    /// PostgreSQL said no: `inventory_on_hand_check` when there is not enough.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The courier or the mail service.
    #[error(transparent)]
    Partner(#[from] PartnerError),
    /// There is work, and nobody to give it to.
    #[error("this shop has no partners: open it with `Shop::with`")]
    Alone,
}

impl Shop {
    /// A shop that can carry out its work.
    pub fn with(partners: Partners) -> Self {
        Shop { partners: Some(partners) }
    }

    fn partners(&self) -> Result<&Partners, ShopError> {
        self.partners.as_ref().ok_or(ShopError::Alone)
    }
}

impl order::Effects for Shop {
    type Error = ShopError;

    async fn take_stock(
        &self,
        tx: &mut PgConnection,
        _: &Order<Placed>,
        after: &Order<Reserved>,
        _: &order::event::Reserve,
    ) -> Result<(), ShopError> {
        move_stock(tx, after, after.quantity).await
    }

    async fn return_stock(
        &self,
        tx: &mut PgConnection,
        before: &Open,
        after: &Order<Cancelled>,
        _: &order::ReturnStockEvent,
    ) -> Result<(), ShopError> {
        match before {
            Open::Placed(_) => Ok(()),
            Open::Reserved(_) => move_stock(tx, after, -after.quantity).await,
        }
    }

    async fn hand_over(
        &self,
        tx: &mut PgConnection,
        before: &Order<Reserved>,
        after: &Order<Shipped>,
        _: &order::event::Ship,
    ) -> Result<(), ShopError> {
        sqlx::query("UPDATE inventory SET reserved = reserved - $2 WHERE sku = $1")
            .bind(&after.sku)
            .bind(after.quantity)
            .execute(&mut *tx)
            .await?;
        sqlx::query("INSERT INTO shipments (order_id, sku, quantity, warehouse, tracking) VALUES ($1, $2, $3, $4, $5)")
            .bind(after.id)
            .bind(&after.sku)
            .bind(after.quantity)
            .bind(&before.state.warehouse)
            .bind(&after.state.tracking)
            .execute(&mut *tx)
            .await?;
        note(tx, after, "shipped").await
    }
}

/// From the shelf to the reserved ones; back when negative. The inventory's CHECK decides whether there is enough.
async fn move_stock<S>(tx: &mut PgConnection, order: &Order<S>, quantity: i32) -> Result<(), ShopError> {
    let moved = sqlx::query("UPDATE inventory SET on_hand = on_hand - $2, reserved = reserved + $2 WHERE sku = $1")
        .bind(&order.sku)
        .bind(quantity)
        .execute(&mut *tx)
        .await?;
    if moved.rows_affected() == 0 {
        return Err(ShopError::UnknownSku(order.sku.clone()));
    }
    note(tx, order, if quantity < 0 { "returned" } else { "taken" }).await
}

/// In the list of all movements, where one that took effect twice would stand twice.
async fn note<S>(tx: &mut PgConnection, order: &Order<S>, what: &str) -> Result<(), ShopError> {
    sqlx::query("INSERT INTO stock_moves (order_id, sku, quantity, move) VALUES ($1, $2, $3, $4)")
        .bind(order.id)
        .bind(&order.sku)
        .bind(order.quantity)
        .bind(what)
        .execute(tx)
        .await?;
    Ok(())
}

impl order::Work for Shop {
    async fn book_courier(&self, order: Order<Reserved>, job: &Job) -> Result<order::BookCourier, ShopError> {
        // The job's key is the same in every attempt: a courier that has seen it answers the same tracking number.
        let tracking = self.partners()?.book(&order, job).await?;
        Ok(order::event::Ship { tracking }.into())
    }

    async fn send_tracking(&self, order: Order<Shipped>, job: &Job) -> Result<(), ShopError> {
        Ok(self.partners()?.tell(&order, job).await?)
    }
}
