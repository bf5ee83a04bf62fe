//! The order workflow as the cases use it.

use sqlx::PgConnection;
use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,
        quantity: i32,

        states {
            initial Placed,
            Reserved { warehouse: String },
            Shipped { tracking: String },
            final Delivered,
            final Cancelled { reason: String },
        }

        groups {
            Open = Placed | Reserved,
        }

        transitions {
            reserve(warehouse: String): Placed -> Reserved with take_stock,
            ship(tracking: String): Reserved -> Shipped,
            deliver: Shipped -> Delivered,
            cancel(reason: String): Open -> Cancelled with return_stock,
            change_quantity(quantity: i32): Placed,
        }
    }
}

pub struct Shop;

impl order::Effects for Shop {
    type Error = sqlx::Error;

    async fn take_stock(
        &self,
        _: &mut PgConnection,
        _: &Order<order::Placed>,
        _: &Order<order::Reserved>,
        _: &order::event::Reserve,
    ) -> sqlx::Result<()> {
        Ok(())
    }

    async fn return_stock(
        &self,
        _: &mut PgConnection,
        _: &order::Open,
        _: &Order<order::Cancelled>,
        _: &order::event::Cancel,
    ) -> sqlx::Result<()> {
        Ok(())
    }
}
