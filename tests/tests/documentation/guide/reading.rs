//! Reading.

use super::{Done, placed, reserved, shop};
use ::order::workflow::Order;
use ::order::workflow::order::{self, In, Open, Placed};
use sqlx::PgPool;
use std::time::Duration;

#[tokio::test]
async fn each_arm_has_its_transitions() -> Done {
    let shop = shop().await;
    let id = reserved(&shop).await;
    let mut tx = shop.begin().await?;
    let order: Order = tx.lock(id).await?;
    match order.typed() {
        In::Placed(order) => drop(order.reserve(&mut tx, "BER").await?),
        In::Reserved(order) => drop(order.ship(&mut tx, "T-1").await?),
        In::Shipped(order) => drop(order.deliver(&mut tx).await?),
        In::Delivered(_) | In::Cancelled(_) => {}
        In::Unknown(order) => println!("a newer program has moved it to {}", order.state.0),
    }
    tx.commit().await?;
    Ok(())
}

#[tokio::test]
async fn a_group_is_a_type() -> Done {
    let shop = shop().await;
    let id = placed(&shop, 1).await;
    let mut tx = shop.begin().await?;
    match tx.lock::<Open>(id).await? {
        Open::Placed(order) => println!("nothing was taken for {}", order.id),
        Open::Reserved(order) => println!("{} holds it", order.state.warehouse),
    }
    tx.rollback().await?;
    Ok(())
}

#[tokio::test]
async fn pages_of_orders_follow_each_other() -> Done {
    let shop = shop().await;
    placed(&shop, 1).await;
    let pool = shop.pool();
    let mut query = Order::find(pool).in_state::<Placed>().older_than(Duration::from_millis(0)).limit(100);
    let first: Vec<Order<Placed>> = query.all().await?;
    if let Some(last) = first.last() {
        query = Order::find(pool).in_state::<Placed>().after(last.id).limit(100);
        let next = query.all().await?;
        assert!(next.is_empty());
    }
    let open: Vec<Open> = Order::find(pool).in_state::<Open>().all().await?;
    assert_eq!((first.len(), open.len()), (1, 1));
    Ok(())
}

#[tokio::test]
async fn history_is_typed_and_possible_is_a_list() -> Done {
    let shop = shop().await;
    let id = reserved(&shop).await;
    let order = Order::load(shop.pool(), id).await?.expect("it is there");
    assert_eq!(order.possible(), ["ship", "undeliverable", "cancel"]);
    assert_eq!(order.possible_now(shop.pool()).await?, ["ship", "undeliverable", "cancel"]);

    for step in order.history(shop.pool()).await? {
        let who = step.actor.as_deref().unwrap_or("somebody");
        match step.state {
            Ok(order::State::Reserved(state)) => println!("{} {who} reserved it in {}", step.at, state.warehouse),
            Ok(_) => println!("{} {who}: {}", step.at, step.event),
            Err(undecodable) => println!("{} is {} now", undecodable.label, undecodable.data),
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_query_of_ones_own_reads_orders() -> Done {
    let shop = shop().await;
    placed(&shop, 7).await;
    let found = large_orders(shop.pool()).await?;
    assert_eq!(found.len(), 1);
    Ok(())
}

async fn large_orders(pool: &PgPool) -> Result<Vec<Order>, sqlx::Error> {
    sqlx::query_as::<_, Order>(
        "SELECT id, customer_id, sku, quantity, state, version, entered_at, warehouse, tracking, reason
         FROM orders WHERE quantity > 5 AND state = $1",
    )
    .bind(order::Label::Placed)
    .fetch_all(pool)
    .await
}
