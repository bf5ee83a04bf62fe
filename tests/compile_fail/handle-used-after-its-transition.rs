mod shop;

use shop::{Order, Shop, order};
use workflow_runtime::{Error, Tx};

pub async fn ship_twice(reserved: Order<order::Reserved>, tx: &mut Tx<'_, Shop>) -> Result<(), Error<Order>> {
    reserved.ship(tx, "T1").await?;
    reserved.ship(tx, "T2").await?;
    Ok(())
}

fn main() {}
