//! The last one finds no stock: its effect violates the CHECK, and state and stock are both untouched.

use super::placed::short;
use super::{Failure, expect, title};
use crate::stage::Stage;
use ::order::shop::ShopError;
use ::order::workflow::order::event::Reserve;
use workflow_runtime::Error;

pub(crate) async fn play(stage: &Stage) -> Result<(), Failure> {
    title(2, "An order for more than there is: the effect violates a CHECK, and nothing of the transition stands.");
    let order = stage.place("tea", 2).await?;
    let refused = stage.shop.fire(order.id, Reserve { warehouse: "Berlin".into() }).await;
    let Err(Error::Rejected { source, .. }) = refused else { return Err("MISMATCH: the effect was not refused".into()) };
    println!("   refused: {}", reason(source.as_ref()));
    let (after, stock) = (stage.load(order.id).await?, stage.on_hand("tea").await?);
    println!("   {} is still {:?}, version {}, stock: {stock}", short(&order.id), after.state, after.version());
    expect(after.version() == 1 && stock == 1, "state and stock are untouched")
}

/// What the shop's own error says, and of PostgreSQL's errors the message alone.
fn reason(error: &(dyn std::error::Error + 'static)) -> String {
    match error.downcast_ref::<ShopError>() {
        Some(ShopError::Database(sqlx::Error::Database(error))) => error.message().to_owned(),
        _ => error.to_string(),
    }
}
