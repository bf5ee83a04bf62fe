//! Two see the same order as placed; one reserves it, the other cancels it, at the same moment.

use super::{Failure, expect, title};
use crate::stage::Stage;
use ::order::shop::Shop;
use ::order::workflow::{Order, order::Placed};
use std::sync::Arc;
use tokio::sync::Barrier;
use workflow_runtime::{Error, Runtime};

pub(crate) async fn play(stage: &Stage) -> Result<(), Failure> {
    title(4, "A reserve and a cancel race for one order; both had seen it as placed.");
    let order = stage.place("tea", 1).await?;
    let start = Arc::new(Barrier::new(2));
    let reserve = tokio::spawn(reserve(stage.shop.clone(), order.clone(), start.clone()));
    let cancel = tokio::spawn(cancel(stage.shop.clone(), order.clone(), start));
    let outcomes = [reserve.await?, cancel.await?];
    let mut conflicts = 0;
    for outcome in outcomes {
        match outcome {
            Ok(won) => println!("   {won} won"),
            Err(error @ Error::Conflict { .. }) => {
                conflicts += 1;
                println!("   the other one: {error}");
            }
            Err(error) => return Err(error.into()),
        }
    }
    let steps = order.history(stage.pool()).await?.len();
    expect(conflicts == 1 && steps == 2, "exactly one of the two moved the order")
}

async fn reserve(shop: Runtime<Shop>, order: Order<Placed>, start: Arc<Barrier>) -> Result<&'static str, Error<Order>> {
    let mut tx = shop.begin().await?;
    start.wait().await;
    order.reserve(&mut tx, "Berlin").await?;
    tx.commit().await?;
    Ok("reserve")
}

async fn cancel(shop: Runtime<Shop>, order: Order<Placed>, start: Arc<Barrier>) -> Result<&'static str, Error<Order>> {
    let mut tx = shop.begin().await?;
    start.wait().await;
    order.cancel(&mut tx, "changed my mind").await?;
    tx.commit().await?;
    Ok("cancel")
}
