//! Eight and more children end at the same time, from many connections and under several workers, while their parents move too.

use super::workflows::{Order, Shipment, order, shipment};
use super::world::often;
use super::world::{Shop, World, start};
use std::sync::Arc;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use uuid::Uuid;
use workflow_runtime::{Error, Runtime, Worker};

const PARENTS: usize = 60;
const CHILDREN: i32 = 9;

#[tokio::test(flavor = "multi_thread")]
async fn each_parent_is_fired_once_however_its_children_end() {
    let world = World::new().await;
    let shop = world.shop().await;
    let mut workers = Vec::new();
    for _ in 0..3 {
        let mut settings = often();
        settings.concurrency = 8;
        workers.push(start(Worker::with(world.shop().await, settings)));
    }
    let mut parents = JoinSet::new();
    for number in 0..PARENTS {
        let id = world.shipping(&shop, CHILDREN).await;
        let children = world.shipments(id).await;
        parents.spawn(one(shop.clone(), number, id, children));
        // Some at a time: each of the children has a connection when it ends.
        while parents.len() >= 4 {
            parents.join_next().await.unwrap().unwrap();
        }
    }
    while let Some(parent) = parents.join_next().await {
        parent.unwrap();
    }
    world.until("SELECT count(*) = 0 FROM shipments_jobs").await;
    world.until("SELECT count(*) = 0 FROM orders_jobs").await;
    for worker in workers {
        worker.stop().await;
    }
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM orders WHERE state = 'complete'").await, PARENTS as i64);
    let times = "SELECT count(*) FROM orders_history WHERE event = 'complete'";
    assert_eq!(world.ask::<i64>(times).await, PARENTS as i64);
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM celebrations").await, PARENTS as i64);
    assert_eq!(world.ask::<i64>("SELECT count(DISTINCT order_id) FROM celebrations").await, PARENTS as i64);
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    assert_eq!(world.ask::<i64>(deadlocks).await, 0);
}

/// All at once: the children end, and the parent moves.
async fn one(shop: Runtime<Shop>, number: usize, id: Uuid, children: Vec<Uuid>) {
    let together = Arc::new(Barrier::new(children.len() + 1));
    let mut ends = JoinSet::new();
    for (n, child) in children.into_iter().enumerate() {
        let (shop, together) = (shop.clone(), together.clone());
        ends.spawn(async move {
            together.wait().await;
            end(&shop, n, child).await;
        });
    }
    together.wait().await;
    for _ in 0..3 {
        step(&shop, number, id).await;
    }
    while let Some(ended) = ends.join_next().await {
        ended.unwrap();
    }
    // Whoever is left at the wayside comes back.
    may_come_too_late(shop.fire(id, order::event::Resume).await.map(drop));
}

async fn end(shop: &Runtime<Shop>, n: usize, child: Uuid) {
    let ended = match n % 3 {
        0 => shop.fire(child, shipment::event::Lose).await.map(drop),
        _ => shop.fire(child, shipment::event::Deliver).await.map(drop),
    };
    // Another parent's transition may have ended it.
    if let Err(error) = ended {
        assert!(matches!(error, Error::<Shipment>::Conflict { .. }), "{error}");
    }
}

/// What else a parent does: it stays and changes, or leaves and comes back, or ends a child itself.
async fn step(shop: &Runtime<Shop>, number: usize, id: Uuid) {
    match number % 3 {
        0 => may_come_too_late(shop.fire(id, order::event::Note { notes: 1 }).await.map(drop)),
        1 => {
            may_come_too_late(shop.fire(id, order::event::Hold { why: "address".into() }).await.map(drop));
            may_come_too_late(shop.fire(id, order::event::Resume).await.map(drop));
        }
        _ => may_come_too_late(note_and_lose(shop, id).await),
    }
}

/// The parent first, then its children: the other way round from a child that would lock its parent.
async fn note_and_lose(shop: &Runtime<Shop>, id: Uuid) -> Result<(), Error<Order>> {
    let mut tx = shop.begin().await?;
    tx.fire(id, order::event::Note { notes: 2 }).await?;
    let open = "SELECT id FROM shipments WHERE order_id = $1 AND state = 'packed' ORDER BY id FOR NO KEY UPDATE";
    let open: Vec<Uuid> = sqlx::query_scalar(open).bind(id).fetch_all(&mut *tx).await?;
    for child in open.into_iter().take(1) {
        tx.fire(child, shipment::event::Lose).await.expect("it is locked");
    }
    tx.commit().await.expect("committed");
    Ok(())
}

fn may_come_too_late(moved: Result<(), Error<Order>>) {
    if let Err(error) = moved {
        assert!(matches!(error, Error::Conflict { .. }), "{error}");
    }
}
