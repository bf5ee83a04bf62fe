mod shop;

use shop::{Order, order};
use uuid::Uuid;
use workflow_runtime::{Error, Runtime};

pub struct Bare;

pub async fn reserve(bare: &Runtime<Bare>, id: Uuid) -> Result<(), Error<Order>> {
    bare.fire(id, order::event::Reserve { warehouse: "BER".into() }).await?;
    Ok(())
}

fn main() {}
