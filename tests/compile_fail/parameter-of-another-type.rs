mod shop;

use shop::{Order, Shop, order};
use workflow_runtime::{Error, Tx};

pub async fn change(placed: Order<order::Placed>, tx: &mut Tx<'_, Shop>) -> Result<(), Error<Order>> {
    placed.change_quantity(tx, "three").await?;
    Ok(())
}

fn main() {}
