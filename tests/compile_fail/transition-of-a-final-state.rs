mod shop;

use shop::{Order, Shop, order};
use workflow_runtime::{Error, Tx};

pub async fn cancel(order: Order<order::Delivered>, tx: &mut Tx<'_, Shop>) -> Result<(), Error<Order>> {
    let cancelled = order.cancel(tx, "late").await?;
    println!("{}", cancelled.state.reason);
    Ok(())
}

fn main() {}
