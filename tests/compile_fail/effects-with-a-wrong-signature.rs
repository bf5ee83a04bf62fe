mod shop;

use shop::{Order, order};
use sqlx::PgConnection;

pub struct Wrong;

impl order::Effects for Wrong {
    type Error = sqlx::Error;

    async fn take_stock(
        &self,
        _: &mut PgConnection,
        _: &Order<order::Placed>,
        _: &Order<order::Shipped>,
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

fn main() {}
