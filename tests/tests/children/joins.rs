//! When all children are at their end, their parent's line is taken.

use super::workflows::{order, shipment};
use super::world::{Shop, World, often, start};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;
use workflow_runtime::{Claims, Worker};

#[tokio::test(flavor = "multi_thread")]
async fn the_last_child_completes_its_parent() {
    for claims in [Claims::SkipLocked, Claims::CompareAndSet] {
        let world = World::new().await;
        let shop = world.shop().await;
        let mut settings = often();
        settings.claims = claims;
        let working = start(Worker::with(world.shop().await, settings));
        let id = world.shipping(&shop, 3).await;
        let parcels = world.shipments(id).await;
        shop.fire(parcels[0], shipment::event::Deliver).await.unwrap();
        shop.fire(parcels[1], shipment::event::Lose).await.unwrap();
        // Told twice, it sleeps: without an error, and no attempt has counted.
        let asleep = "SELECT attempt >= 3 AND attempt = forgiven AND last_error IS NULL AND run_at > now() + interval '59 minutes' \
            FROM orders_jobs WHERE job = 'complete'";
        world.until("SELECT count(*) = 0 FROM shipments_jobs").await;
        world.until(asleep).await;
        assert_eq!(world.state(id).await, "shipping");
        shop.fire(parcels[2], shipment::event::Deliver).await.unwrap();
        world.until("SELECT count(*) = 0 FROM orders_jobs").await;
        working.stop().await;
        assert_eq!(world.state(id).await, "complete");
        assert_eq!(world.ask::<String>("SELECT actor FROM orders_history WHERE event = 'complete'").await, "join complete");
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM celebrations").await, 1);
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM shipments_jobs").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_child_all_are_at_their_end() {
    let world = World::new().await;
    let id = world.shipping(&world.shop().await, 0).await;
    let working = world.work().await;
    world.until("SELECT count(*) = 0 FROM orders_jobs").await;
    working.stop().await;
    assert_eq!(world.state(id).await, "complete");
}

/// Two lines wait in one state: what is to follow, a guard says.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_whose_guard_says_no_stays_due() {
    let world = World::new().await;
    let (shop, id) = (world.shop().await, Uuid::new_v4());
    shop.create(order::New { id, happy: false, notes: 0 }).await.unwrap();
    shop.fire(id, order::event::Pack { parcels: 0 }).await.unwrap();
    world.run("DELETE FROM orders_jobs WHERE job = 'dispute'").await;
    let working = world.work().await;
    world.until("SELECT last_error LIKE '%blocked%' AND run_at > now() FROM orders_jobs").await;
    assert_eq!(world.state(id).await, "shipping");
    world.run("UPDATE orders SET happy = true").await;
    world.until("SELECT state = 'complete' FROM orders").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_lines_the_one_is_taken_whose_guard_says_yes() {
    let world = World::new().await;
    let (shop, id) = (world.shop().await, Uuid::new_v4());
    shop.create(order::New { id, happy: false, notes: 0 }).await.unwrap();
    shop.fire(id, order::event::Pack { parcels: 0 }).await.unwrap();
    let working = world.work().await;
    world.until("SELECT state = 'disputed' FROM orders").await;
    world.until("SELECT count(*) = 0 FROM orders_jobs").await;
    working.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM celebrations").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_fails_is_tried_again_and_counts_once() {
    let world = World::new().await;
    world.shipping(&world.shop().await, 0).await;
    let sad = Arc::new(AtomicUsize::new(1));
    let shop = world.runtime(Shop { sad: sad.clone(), ..Shop::default() }, false).await;
    let working = start(Worker::with(shop, often()));
    world
        .until("SELECT last_error LIKE '%nobody came%' AND attempt - forgiven = 1 FROM orders_jobs WHERE job = 'complete'")
        .await;
    world.run("UPDATE orders_jobs SET run_at = now() WHERE job = 'complete'").await;
    world.until("SELECT state = 'complete' FROM orders").await;
    working.stop().await;
    assert_eq!((world.ask::<i64>("SELECT count(*) FROM celebrations").await, sad.load(Ordering::SeqCst)), (1, 0));
}

/// A parent that is elsewhere has no job, and is not told; when it comes back, it counts.
#[tokio::test(flavor = "multi_thread")]
async fn children_that_end_while_the_parent_is_elsewhere_are_counted_when_it_is_back() {
    let world = World::new().await;
    let shop = world.shop().await;
    let id = world.shipping(&shop, 2).await;
    let working = world.work().await;
    shop.fire(id, order::event::Hold { why: "address".into() }).await.unwrap();
    for parcel in world.shipments(id).await {
        shop.fire(parcel, shipment::event::Deliver).await.unwrap();
    }
    world.until("SELECT count(*) = 0 FROM shipments_jobs").await;
    assert_eq!(world.state(id).await, "held");
    shop.fire(id, order::event::Resume).await.unwrap();
    world.until("SELECT state = 'complete' FROM orders").await;
    working.stop().await;
}

/// A parent that gave up is not woken by children: an operator is to see it.
#[tokio::test(flavor = "multi_thread")]
async fn a_parked_join_stays_parked() {
    let world = World::new().await;
    let shop = world.shop().await;
    let id = world.shipping(&shop, 1).await;
    world.run("UPDATE orders_jobs SET run_at = 'infinity', last_error = 'nobody came'").await;
    let working = world.work().await;
    shop.fire(world.shipments(id).await[0], shipment::event::Deliver).await.unwrap();
    world.until("SELECT count(*) = 0 FROM shipments_jobs").await;
    working.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM orders_jobs WHERE run_at = 'infinity' AND attempt = 0").await, 2);
}
