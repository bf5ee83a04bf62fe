//! An effect creates instances of another workflow, in the same transaction.

use super::workflows::{order, shipment};
use super::world::{Shop, World, often, start};
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{Error, Runtime, Worker};

#[tokio::test(flavor = "multi_thread")]
async fn what_an_effect_creates_is_committed_with_its_transition() {
    let world = World::new().await;
    let shop = world.shop().await.as_actor("ann");
    let id = world.shipping(&shop, 3).await;
    assert_eq!(world.shipments(id).await.len(), 3);
    let by = "SELECT count(*) FROM shipments_history WHERE event = 'create' AND actor = 'ann'";
    assert_eq!(world.ask::<i64>(by).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_effect_creates_is_taken_back_with_its_transition() {
    let world = World::new().await;
    let shop = world.runtime(Shop { torn: true, ..Shop::default() }, false).await;
    let id = Uuid::new_v4();
    shop.create(order::New { id, happy: true, notes: 0 }).await.unwrap();
    let refused = shop.fire(id, order::event::Pack { parcels: 2 }).await.unwrap_err();
    assert!(matches!(refused, Error::Rejected { .. }), "{refused}");
    assert_eq!((world.state(id).await.as_str(), world.shipments(id).await.len()), ("placed", 0));
}

/// In a transaction of one's own, in one that was joined, and in a savepoint.
#[tokio::test(flavor = "multi_thread")]
async fn effects_inside_of_transactions_create_too() {
    let world = World::new().await;
    let shop = world.shop().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = Uuid::new_v4();
        shop.create(order::New { id, happy: true, notes: 0 }).await.unwrap();
        ids.push(id);
    }
    let mut own = shop.begin().await.unwrap();
    own.fire(ids[0], order::event::Pack { parcels: 2 }).await.unwrap();
    let mut savepoint = own.savepoint().await.unwrap();
    savepoint.fire(ids[1], order::event::Pack { parcels: 2 }).await.unwrap();
    savepoint.undo().await.unwrap();
    own.commit().await.unwrap();
    let mut theirs = shop.pool().begin().await.unwrap();
    shop.join(&mut theirs).fire(ids[2], order::event::Pack { parcels: 2 }).await.unwrap();
    theirs.commit().await.unwrap();
    let mut found = Vec::new();
    for id in ids {
        found.push(world.shipments(id).await.len());
    }
    assert_eq!(found, [2, 0, 2]);
}

/// The worker looks once in ten minutes; only a hint can wake it.
#[tokio::test(flavor = "multi_thread")]
async fn workers_are_told_of_the_jobs_that_an_effect_has_made() {
    let world = World::new().await;
    let shop = world.runtime(Shop::default(), true).await;
    let mut seldom = often();
    seldom.poll = Duration::from_secs(600);
    let working = start(Worker::with(shop.clone(), seldom));
    world.until("SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()").await;
    let id = Uuid::new_v4();
    shop.create(order::New { id, happy: true, notes: 0 }).await.unwrap();
    // The order itself has no job from it.
    shop.fire(id, order::event::Sample).await.unwrap();
    world.until("SELECT count(*) = 1 FROM shipments WHERE id NOT IN (SELECT id FROM shipments_jobs)").await;
    shop.fire(id, order::event::Pack { parcels: 0 }).await.unwrap();
    world.until("SELECT bool_and(run_at > now() + interval '59 minutes') FROM orders_jobs").await;
    let [parcel] = world.shipments(id).await[..] else { panic!("one") };
    shop.fire(parcel, shipment::event::Deliver).await.unwrap();
    world.until("SELECT count(*) = 1 FROM orders WHERE state = 'complete'").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_of_an_effect_it_says_so() {
    let world = World::new().await;
    let shop = world.shop().await;
    let mut connection = shop.pool().acquire().await.unwrap();
    let error = Runtime::within(shop.app(), &mut connection).unwrap_err();
    assert!(error.to_string().contains("elsewhere use `join`"), "{error}");
}
