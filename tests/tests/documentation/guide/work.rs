//! Work: activities, tasks and timers.

use super::{Done, reserved, shop};
use ::order::shop::Shop;
use ::order::workflow::{Order, order};
use std::time::Duration;
use workflow_runtime::{JobError, Runtime, Worker, WorkerSettings};

/// What a program's main function awaits.
async fn work(shop: Runtime<Shop>, stopped: impl Future<Output = ()>) {
    let mut settings = WorkerSettings::default();
    settings.concurrency = 32;
    settings.lease = Duration::from_secs(60);
    Worker::with(shop, settings).limit("book_courier", 4).serving::<Order>().run(stopped).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_ships_what_is_reserved() -> Done {
    let shop = shop().await;
    let id = reserved(&shop).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let working = tokio::spawn(work(shop.clone(), async move { stopped.await.unwrap_or_default() }));
    while !matches!(Order::load(shop.pool(), id).await?.map(|order| order.state), Some(order::State::Shipped(_))) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop(stop);
    working.await?;
    Ok(())
}

#[derive(Debug, thiserror::Error)]
enum CourierError {
    #[error("the courier does not answer")]
    Silent,
    #[error(transparent)]
    Job(#[from] JobError),
}

fn answered(status: u16) -> Result<(), CourierError> {
    match status {
        200 => Ok(()),
        422 => Err(JobError::give_up("the courier does not go there").into()),
        429 => Err(JobError::retry_after(Duration::from_secs(60), "the courier asks for patience").into()),
        _ => Err(CourierError::Silent),
    }
}

#[test]
fn an_error_says_what_is_to_follow() {
    assert!(answered(200).is_ok());
    assert!(matches!(answered(422), Err(CourierError::Job(_))) && matches!(answered(429), Err(CourierError::Job(_))));
    assert!(matches!(answered(500), Err(CourierError::Silent)));
}
