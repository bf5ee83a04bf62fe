mod shop;

use shop::{Order, Shop, order};
use uuid::Uuid;
use workflow_runtime::{Error, Tx};

pub async fn lock(tx: &mut Tx<'_, Shop>, id: Uuid) -> Result<(), Error<Order>> {
    tx.lock::<order::Reserved>(id).await?;
    Ok(())
}

fn main() {}
