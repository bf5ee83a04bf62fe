//! Work: activities, tasks and timers.

use super::{Done, open, reserved, shop};
use ::order::outside::{courier, fate::Fate, mail};
use ::order::partners::Partners;
use ::order::shop::Shop;
use ::order::workflow::{Order, order};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;
use tokio::net::TcpListener;
use uuid::Uuid;
use workflow_runtime::{Runtime, Schedule, ScheduleError, Scheduled, Tick, Worker, WorkerSettings};

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

async fn on_a_day(shop: &Runtime<Shop>, customer_id: Uuid, day: DateTime<Utc>) -> Done {
    let id = Uuid::new_v4();
    match shop.create_at(order::New { id, customer_id, sku: "tea".into(), quantity: 1 }, day).await? {
        Scheduled::New => println!("it comes on {day}"),
        Scheduled::Existing { at } => println!("it was asked for before, and comes on {at:?}"),
        Scheduled::There => println!("it is there already"),
    }
    let taken_back = shop.cancel_creation::<Order>(id).await?;
    assert!(taken_back);
    Ok(())
}

/// The customer who gets tea every month.
const OFFICE: Uuid = Uuid::from_u128(7);

async fn every_month(shop: Runtime<Shop>, stopped: impl Future<Output = ()>) -> Result<(), ScheduleError> {
    let monthly = Schedule::new("monthly-tea", "0 6 1 * *")?.in_zone(chrono_tz::Europe::Berlin);
    Worker::new(shop)
        .serving::<Order>()
        .schedule(monthly, |tick: &Tick| order::New { id: tick.id(), customer_id: OFFICE, sku: "tea".into(), quantity: 40 })
        .run(stopped)
        .await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_asked_for_and_a_missed_month_is_made() -> Done {
    let shop = shop().await;
    on_a_day(&shop, OFFICE, Utc::now() + TimeDelta::days(3)).await?;
    let missed = "INSERT INTO workflow.schedules (name, expression, last) VALUES ('monthly-tea', '', now() - interval '40 days')";
    sqlx::query(missed).execute(shop.pool()).await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let working = tokio::spawn(every_month(shop.clone(), async move { stopped.await.unwrap_or_default() }));
    let created = "SELECT count(*) FROM orders WHERE quantity = 40";
    while sqlx::query_scalar::<_, i64>(created).fetch_one(shop.pool()).await? == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop(stop);
    working.await??;
    Ok(())
}
