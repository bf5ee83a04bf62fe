mod shop;

use shop::{Order, Shop, order};
use uuid::Uuid;
use workflow_runtime::{Error, Runtime};

pub async fn cancel(shop: &Runtime<Shop>, ids: Vec<Uuid>) -> Result<(), Error<Order>> {
    shop.fire_all(ids, order::event::Cancel { reason: "closed".into() }).await?;
    Ok(())
}

fn main() {}
