mod shop;

use shop::{Order, Shop, order};
use uuid::Uuid;
use workflow_runtime::{Error, Runtime};

pub async fn deliver(shop: &Runtime<Shop>, id: Uuid) -> Result<(), Error<Order>> {
    shop.fire(id, order::Delivered).await?;
    Ok(())
}

fn main() {}
