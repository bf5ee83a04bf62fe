//! Work: activities, tasks and timers.

use super::{Done, open, reserved};
use ::order::outside::{courier, fate::Fate, mail};
use ::order::partners::Partners;
use ::order::shop::Shop;
use ::order::workflow::{Order, order};
use std::time::Duration;
use tokio::net::TcpListener;
use uuid::Uuid;
use workflow_runtime::{Runtime, Worker, WorkerSettings};

/// What a program's main function awaits.
async fn work(shop: Runtime<Shop>, stopped: impl Future<Output = ()>) {
    let mut settings = WorkerSettings::default();
    settings.concurrency = 32;
    settings.lease = Duration::from_secs(60);
    Worker::with(shop, settings).limit("book_courier", 4).serving::<Order>().run(stopped).await;
}

/// Nothing goes wrong with them.
async fn partners() -> Result<Partners, std::io::Error> {
    let [couriers, mails] = [TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?];
    let partners = Partners::new(format!("http://{}", couriers.local_addr()?), format!("http://{}", mails.local_addr()?));
    let [couriers_ledger, mails_ledger] = [(); 2].map(|()| std::env::temp_dir().join(format!("ledger-{}", Uuid::new_v4())));
    tokio::spawn(async move { courier::serve(couriers, &couriers_ledger, Fate::kind(), None).await });
    tokio::spawn(async move { mail::serve(mails, &mails_ledger, Fate::kind()).await });
    Ok(partners)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_ships_what_is_reserved() -> Done {
    let shop = open(Shop::with(partners().await?)).await;
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
