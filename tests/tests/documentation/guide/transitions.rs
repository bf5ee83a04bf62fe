//! Effects and transactions.

use super::{Done, placed, reserved, shop};
use ::order::shop::{Shop, ShopError};
use ::order::workflow::Order;
use ::order::workflow::order::{self, Reserved, Shipped};
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{CommitError, Created, Error, Fired, Runtime};

#[tokio::test]
async fn what_comes_back_says_where_it_is() -> Done {
    let shop = shop().await;
    let id = placed(&shop, 1).await;
    let order = shop.fire(id, order::event::Reserve { warehouse: "BER".into() }).await?;
    assert_eq!(order.state.warehouse, "BER");
    Ok(())
}

#[tokio::test]
async fn creating_twice_gives_what_is_there() -> Done {
    let shop = shop().await;
    let new = order::New { id: Uuid::new_v4(), customer_id: Uuid::new_v4(), sku: "tea".into(), quantity: 2 };
    let first = shop.create(new.clone()).await?;
    assert!(matches!(first, Created::New(_)));

    let order: Order = match shop.create(new).await? {
        Created::New(order) => order.into(),
        Created::Existing(order) => order,
    };
    assert_eq!(order.version(), 1);
    Ok(())
}

#[tokio::test]
async fn every_error_of_a_transition_has_its_variant() -> Done {
    let shop = shop().await;
    let told = [placed(&shop, 2_000).await, reserved(&shop).await, Uuid::new_v4()].map(|id| reserve(&shop, id));
    let [refused, late, missing] = told;
    assert!(refused.await?.starts_with("not enough"));
    assert!(late.await?.starts_with("too late"));
    assert_eq!(missing.await?, "no such order");
    Ok(())
}

async fn reserve(shop: &Runtime<Shop>, id: Uuid) -> Result<String, Error<Order>> {
    match shop.fire(id, order::event::Reserve { warehouse: "BER".into() }).await {
        Ok(order) => Ok(format!("reserved in {}", order.state.warehouse)),
        Err(Error::NotFound { .. }) => Ok("no such order".into()),
        Err(Error::Conflict { actual, by, .. }) => Ok(format!("too late: {:?}, by {by:?}", actual.state)),
        Err(Error::Rejected { source, .. }) => match source.downcast_ref::<ShopError>() {
            Some(ShopError::UnknownSku(sku)) => Ok(format!("we do not sell {sku}")),
            _ => Ok(format!("not enough: {source}")),
        },
        Err(error) => Err(error),
    }
}

#[tokio::test]
async fn several_orders_ship_together() -> Done {
    let shop = shop().await;
    let ids = [reserved(&shop).await, reserved(&shop).await];
    ship_together(&shop, ids).await?;
    assert_eq!(Order::find(shop.pool()).in_state::<Shipped>().all().await?.len(), 2);
    Ok(())
}

async fn ship_together(shop: &Runtime<Shop>, ids: [Uuid; 2]) -> Done {
    let mut tx = shop.begin().await?;
    for order in tx.lock_all::<Order<Reserved>>(ids).await? {
        sqlx::query("INSERT INTO notes (order_id, note) VALUES ($1, 'shipped with another one')")
            .bind(order.id)
            .execute(&mut *tx)
            .await?;
        let tracking = format!("T-{}", order.id);
        order.ship(&mut tx, tracking).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[tokio::test]
async fn a_transition_joins_a_transaction_of_somebody_else() -> Done {
    let shop = shop().await;
    let id = placed(&shop, 1).await;
    let pool = shop.pool().clone();
    let mut theirs = pool.begin().await?;
    sqlx::query("INSERT INTO notes (order_id, note) VALUES ($1, 'a gift')").bind(id).execute(&mut *theirs).await?;
    shop.join(&mut theirs).fire(id, order::event::ChangeQuantity { quantity: 3 }).await?;
    theirs.commit().await?;
    let order = Order::load(&pool, id).await?.expect("it is there");
    assert_eq!(order.quantity, 3);
    Ok(())
}

#[tokio::test]
async fn a_savepoint_takes_back_a_refused_step() -> Done {
    let shop = shop().await;
    let (huge, small) = (placed(&shop, 5_000).await, placed(&shop, 1).await);
    let mut tx = shop.begin().await?;
    for id in [huge, small] {
        let mut attempt = tx.savepoint().await?;
        match attempt.fire(id, order::event::Reserve { warehouse: "BER".into() }).await {
            Ok(_) => attempt.release().await?,
            Err(Error::Rejected { .. }) => attempt.undo().await?,
            Err(error) => return Err(error.into()),
        }
    }
    tx.commit().await?;
    assert_eq!(Order::find(shop.pool()).in_state::<Reserved>().all().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_webhook_that_is_delivered_twice_counts_once() -> Done {
    let shop = shop().await;
    let id = reserved(&shop).await;
    let (delivery, tracking) = ("courier-evt-42", String::from("T-1"));
    let now = shipped(&shop, delivery, id, tracking.clone()).await?;
    let before = shipped(&shop, delivery, id, tracking).await?;
    assert_eq!((now, before), (true, false));
    Ok(())
}

async fn shipped(shop: &Runtime<Shop>, delivery: &str, id: Uuid, tracking: String) -> Result<bool, Error<Order>> {
    match shop.as_actor("courier").once(delivery).fire(id, order::event::Ship { tracking }).await? {
        Fired::Now(order) => println!("{} is on its way", order.id),
        Fired::Before(step) => {
            println!("known since {}", step.at);
            return Ok(false);
        }
    }
    Ok(true)
}

#[tokio::test]
async fn one_statement_moves_many() -> Done {
    let shop = shop().await;
    let ids = [placed(&shop, 1).await, reserved(&shop).await];
    for (id, outcome) in shop.fire_all(ids, order::event::Expire).await? {
        match outcome {
            Ok(order) => println!("{id}: {}", order.state.reason),
            Err(error) => println!("{id}: {error}"),
        }
    }
    assert_eq!(Order::find(shop.pool()).in_state::<order::Cancelled>().all().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_whole_transaction_is_made_again() -> Done {
    let shop = shop().await;
    let id = reserved(&shop).await;
    let order = ship_at_last(&shop, id).await?;
    assert_eq!(order.state.tracking, "T-1");
    Ok(())
}

async fn ship_at_last(shop: &Runtime<Shop>, id: Uuid) -> Result<Order<Shipped>, Error<Order>> {
    for _ in 1..5 {
        match ship_alone(shop, id).await {
            Err(error) if error.is_retryable() => continue,
            done => return done,
        }
    }
    ship_alone(shop, id).await
}

async fn ship_alone(shop: &Runtime<Shop>, id: Uuid) -> Result<Order<Shipped>, Error<Order>> {
    let mut tx = shop.begin().await?;
    let order = tx.fire(id, order::event::Ship { tracking: "T-1".into() }).await?;
    tx.commit().await?;
    Ok(order)
}

#[tokio::test]
async fn a_time_out_is_followed_by_the_same_key() -> Done {
    let shop = shop().await;
    let id = reserved(&shop).await;
    let deliver = shop.once(format!("ship-{id}"));
    let event = order::event::Ship { tracking: "T-1".into() };
    let first = tokio::time::timeout(Duration::from_secs(3), deliver.fire(id, event.clone())).await;
    if first.is_err() {
        // Carried out or not: the same key tells, and does not do it twice.
        deliver.fire(id, event).await?;
    }
    Ok(())
}

#[tokio::test]
async fn one_transition_does_not_wait_for_the_disk() -> Done {
    let shop = shop().await;
    let id = reserved(&shop).await;
    let order = ship_hurriedly(&shop, id).await?;
    assert_eq!(order.version(), 3);
    // The connection is back in the pool, and waits again.
    let waits: String = sqlx::query_scalar("SHOW synchronous_commit").fetch_one(shop.pool()).await?;
    assert_eq!(waits, "on");
    Ok(())
}

async fn ship_hurriedly(shop: &Runtime<Shop>, id: Uuid) -> Result<Order<Shipped>, Box<dyn std::error::Error + Send + Sync>> {
    let mut tx = shop.begin().await?;
    sqlx::query("SET LOCAL synchronous_commit = off").execute(&mut *tx).await?;
    let order = tx.fire(id, order::event::Ship { tracking: "T-1".into() }).await?;
    tx.commit().await?;
    Ok(order)
}

#[tokio::test]
async fn an_unknown_outcome_can_be_asked_for() -> Done {
    let shop = shop().await;
    let id = placed(&shop, 1).await;
    if let Err(Error::Unknown { id, key, .. }) = shop.fire(id, order::event::Expire).await {
        let happened = shop.outcome::<Order>(id, key).await?;
        println!("it {}", if happened { "took effect" } else { "did not" });
    }
    Ok(())
}

#[test]
fn a_commit_of_unknown_outcome_is_not_simply_made_again() {
    let unknown = CommitError::Unknown { key: Some(Uuid::nil()), source: sqlx::Error::WorkerCrashed };
    assert!(!Error::<Order>::from(unknown).is_retryable());
}
