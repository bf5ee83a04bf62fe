mod shop;

use shop::{Order, order};
use sqlx::PgConnection;

pub struct Half;

impl order::Effects for Half {
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
}

fn main() {}
