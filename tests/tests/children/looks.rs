//! What happens while a parent looks. Each test stops the look where it is dangerous, by a lock that the test has.

use super::workflows::{Order, order, shipment};
use super::world::World;
use uuid::Uuid;

/// The look has counted, and is about to put its job off. A statement's trigger runs before its rows are looked for, and holds none.
const BEFORE_IT_SLEEPS: &str = "
    CREATE FUNCTION held_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF current_query() LIKE '%last_error = NULL%' THEN PERFORM pg_advisory_xact_lock_shared(7); END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER held_up BEFORE UPDATE ON orders_jobs FOR EACH STATEMENT EXECUTE FUNCTION held_up();";

const WAITS_FOR_A_ROW: &str = "SELECT count(*) > 0 FROM pg_locks WHERE locktype IN ('transactionid', 'tuple') AND NOT granted";
const IS_HELD_UP: &str = "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_ends_between_the_count_and_the_sleep_is_not_slept_over() {
    let world = World::new().await;
    let shop = world.shop().await;
    let id = world.shipping(&shop, 2).await;
    let [first, second] = world.shipments(id).await[..] else { panic!("two") };
    world.run("DELETE FROM orders_jobs WHERE job = 'dispute'; DELETE FROM shipments_jobs").await;
    world.run(BEFORE_IT_SLEEPS).await;
    let mut gate = world.db.connect().await.unwrap();
    sqlx::query("SELECT pg_advisory_lock(7)").execute(&mut gate).await.unwrap();
    let working = world.work().await;
    world.until(IS_HELD_UP).await;
    // The parent has counted two on their way. Now one ends, and tells; and the parent looks anew. The look that was overtaken does
    // not count.
    shop.fire(first, shipment::event::Deliver).await.unwrap();
    world.until("SELECT count(*) = 0 FROM shipments_jobs").await;
    world.until("SELECT attempt = 3 AND forgiven = 2 FROM orders_jobs").await;
    shop.fire(second, shipment::event::Deliver).await.unwrap();
    world.until("SELECT count(*) = 0 FROM shipments_jobs").await;
    sqlx::query("SELECT pg_advisory_unlock(7)").execute(&mut gate).await.unwrap();
    world.until("SELECT state = 'complete' FROM orders").await;
    working.stop().await;
}

/// The look waits for the parent's lock, which somebody has who adds a child under it.
#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_is_added_under_the_parents_lock_is_waited_for() {
    let world = World::new().await;
    let shop = world.shop().await;
    let id = world.shipping(&shop, 0).await;
    let mut tx = shop.begin().await.unwrap();
    let order = tx.lock::<Order<order::Shipping>>(id).await.unwrap();
    let working = world.work().await;
    world.until(WAITS_FOR_A_ROW).await;
    tx.create(shipment::New { id: Uuid::new_v4(), order_id: order.id }).await.unwrap();
    tx.commit().await.unwrap();
    world.until("SELECT count(*) = 2 FROM orders_jobs WHERE run_at > now() + interval '59 minutes'").await;
    assert_eq!(world.state(id).await, "shipping");
    shop.fire(world.shipments(id).await[0], shipment::event::Deliver).await.unwrap();
    world.until("SELECT state = 'complete' FROM orders").await;
    working.stop().await;
}

/// An internal line is fired once a stay: nothing but the fence keeps a late look from firing it again.
#[tokio::test(flavor = "multi_thread")]
async fn a_look_whose_job_is_another_attempts_writes_nothing() {
    let world = World::new().await;
    let shop = world.shop().await;
    let id = world.shipping(&shop, 0).await;
    shop.fire(id, order::event::Hold { why: "address".into() }).await.unwrap();
    let mut tx = shop.begin().await.unwrap();
    tx.lock::<Order>(id).await.unwrap();
    let working = world.work().await;
    world.until(WAITS_FOR_A_ROW).await;
    // Its lease has ended, and somebody else has the job.
    world.run("UPDATE orders_jobs SET attempt = attempt + 1, run_at = now() + interval '1 hour'").await;
    tx.commit().await.unwrap();
    working.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM orders_history WHERE event = 'tally'").await, 0);
    assert_eq!(world.ask::<i32>("SELECT attempt FROM orders_jobs").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_internal_line_that_waits_for_children_is_fired_once_a_stay() {
    let world = World::new().await;
    let shop = world.shop().await;
    let id = world.shipping(&shop, 1).await;
    let working = world.work().await;
    shop.fire(id, order::event::Hold { why: "address".into() }).await.unwrap();
    shop.fire(world.shipments(id).await[0], shipment::event::Deliver).await.unwrap();
    world.until("SELECT count(*) = 1 FROM orders_history WHERE event = 'tally'").await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM orders_jobs").await, 0);
    // Away and back in one transaction: another stay.
    let mut tx = shop.begin().await.unwrap();
    let held = tx.lock::<Order<order::Held>>(id).await.unwrap();
    held.resume(&mut tx).await.unwrap().hold(&mut tx, "address").await.unwrap();
    tx.commit().await.unwrap();
    world.until("SELECT count(*) = 2 FROM orders_history WHERE event = 'tally'").await;
    working.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM orders_jobs").await, 0);
}
