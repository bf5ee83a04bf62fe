mod shop;

use shop::{Order, order};
use workflow_runtime::{Error, Tx};

pub struct Bare;

pub async fn reserve(placed: Order<order::Placed>, tx: &mut Tx<'_, Bare>) -> Result<(), Error<Order>> {
    placed.reserve(tx, "BER").await?;
    Ok(())
}

fn main() {}
