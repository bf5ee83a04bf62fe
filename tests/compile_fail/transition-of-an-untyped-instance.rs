mod shop;

use shop::{Order, Shop};
use workflow_runtime::{Error, Tx};

pub async fn ship(order: Order, tx: &mut Tx<'_, Shop>) -> Result<(), Error<Order>> {
    order.ship(tx, "T1").await?;
    Ok(())
}

fn main() {}
