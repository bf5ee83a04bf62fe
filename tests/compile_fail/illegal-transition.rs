//! What the product is for.

mod shop;

use shop::{Order, Shop, order};
use workflow_runtime::{Error, Tx};

pub async fn ship(placed: Order<order::Placed>, tx: &mut Tx<'_, Shop>) -> Result<Order<order::Shipped>, Error<Order>> {
    placed.ship(tx, "T1").await
}

fn main() {}
