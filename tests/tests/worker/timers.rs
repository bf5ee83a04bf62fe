//! Timers: many at once where the database can do it alone, singly where the application takes part.

use super::depot::{CLAIMS, Depot, World, claiming};

const BOOK: &str = "UPDATE parcels SET state = 'booked', event = 'book', tracking = 'T', version = 2, entered_at = now()";
const DUE: &str = "UPDATE parcels_jobs SET run_at = now() - interval '1 second' WHERE kind = 'timer' AND job = ";

#[tokio::test(flavor = "multi_thread")]
async fn due_timers_fire_for_many_instances_and_once_for_each() {
    let world = World::new().await;
    world.run("INSERT INTO parcels (id, address, ready) SELECT gen_random_uuid(), 'a', true FROM generate_series(1, 2500)").await;
    world.run(BOOK).await;
    world.run(&format!("{DUE} 'deliver'")).await;
    let (one, other) = (world.work(Depot::default()).await, world.work(Depot::default()).await);
    world.until("SELECT count(*) = 2500 FROM parcels WHERE state = 'delivered'").await;
    one.stop().await;
    other.stop().await;
    assert_eq!(
        world.ask::<i64>("SELECT count(*) FROM parcels_history WHERE event = 'deliver' AND actor = 'timer deliver'").await,
        2500
    );
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_jobs WHERE kind = 'timer'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_with_an_effect_in_the_application_fires_once_a_stay() {
    for claims in CLAIMS {
        let world = World::new().await;
        world.parcel().await;
        world.run(BOOK).await;
        world.run(&format!("{DUE} 'remind'")).await;
        let (one, other) = (world.work_with(Depot::default(), claiming(claims)).await, world.work(Depot::default()).await);
        world.until("SELECT count(*) = 1 FROM marks").await;
        one.stop().await;
        other.stop().await;
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM marks WHERE what = 'booked'").await, 1);
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_jobs WHERE job = 'remind'").await, 0);
        assert_eq!(world.state().await, "booked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_that_a_guard_blocks_stays_due_and_does_not_hold_up_the_others() {
    let world = World::new().await;
    world.run("INSERT INTO parcels (id, address, ready) SELECT gen_random_uuid(), 'a', n > 1 FROM generate_series(1, 5) n").await;
    world.run(BOOK).await;
    world.run(&format!("{DUE} 'deliver'")).await;
    let working = world.work(Depot::default()).await;
    world.until("SELECT count(*) = 4 FROM parcels WHERE state = 'delivered'").await;
    world.until("SELECT last_error IS NOT NULL FROM parcels_jobs WHERE job = 'deliver'").await;
    world.run("UPDATE parcels_jobs SET attempt = 1000, forgiven = 0, last_error = NULL").await;
    world.run(&format!("{DUE} 'deliver'")).await;
    let refused =
        "SELECT last_error IS NOT NULL AND run_at < 'infinity' FROM parcels_jobs WHERE job = 'deliver' AND attempt > 1000";
    world.until(refused).await;
    world.run("UPDATE parcels SET ready = true").await;
    world.run(&format!("{DUE} 'deliver'")).await;
    world.until("SELECT count(*) = 5 FROM parcels WHERE state = 'delivered'").await;
    working.stop().await;
}
