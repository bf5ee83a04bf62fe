//! Orders are placed and reserved, shipped and delivered.

use super::{Failure, expect, title};
use crate::stage::Stage;
use ::order::workflow::order::event::{Deliver, Reserve, Ship};

pub(crate) async fn play(stage: &Stage) -> Result<(), Failure> {
    title(1, "An order is placed, its stock reserved, the parcel shipped and delivered.");
    stage.stock_up("tea", 3).await?;
    let placed = stage.place("tea", 2).await?;
    println!("   {} is placed, stock: {}", short(&placed.id), stage.on_hand("tea").await?);
    let reserved = stage.shop.fire(placed.id, Reserve { warehouse: "Berlin".into() }).await?;
    println!("   {} is reserved in {}, stock: {}", short(&placed.id), reserved.state.warehouse, stage.on_hand("tea").await?);
    let shipped = stage.shop.as_actor("anna").fire(placed.id, Ship { tracking: "DX-4711".into() }).await?;
    println!("   {} is shipped as {}", short(&placed.id), shipped.state.tracking);
    let delivered = stage.shop.fire(placed.id, Deliver).await?;
    println!("   {} is delivered; its history, which nobody can skip or change:", short(&placed.id));
    for step in delivered.history(stage.pool()).await? {
        let by = step.actor.map(|actor| format!(" by {actor}")).unwrap_or_default();
        println!("      {} {:8} -> {}{by}", step.version, step.event, step.state.map_or_else(|e| e.label, |s| format!("{s:?}")));
    }
    expect(stage.on_hand("tea").await? == 1, "one of three is left after two were sold")
}

/// The first letters of an id.
pub(crate) fn short(id: &uuid::Uuid) -> String {
    id.simple().to_string().split_off(26)
}
