//! Work: activities, tasks and timers.

use super::{Done, reserved, shop};
use ::order::shop::Shop;
use ::order::workflow::{Order, order};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{JobError, Runtime, Schedule, ScheduleError, Scheduled, Tick, Worker, WorkerSettings};

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
