//! What is claimed together: of one workflow or of several, of one instance, and with some that cannot be loaded.

use super::bids::{self, Bid};
use super::depot::{CLAIMS, Depot, World, claiming, settings, start};
use super::parcels::Parcel;
use std::time::Duration;
use tokio::sync::Barrier;
use workflow_runtime::{Job, Worker};

async fn with_bids() -> World {
    let world = World::new().await;
    workflow_tests::fill(&world.db, bids::SOURCE, "").await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn two_activities_of_one_instance_begin_together_and_one_outcome_counts() {
    for claims in CLAIMS {
        let world = with_bids().await;
        world.run("INSERT INTO bids (id) VALUES (gen_random_uuid())").await;
        let depot = Depot { bids: Barrier::new(2), ..Depot::default() };
        let told = depot.told.clone();
        let working = start(Worker::with(world.runtime(depot).await, claiming(claims)).serving::<Bid>());
        world.until("SELECT state <> 'open' FROM bids").await;
        world.until("SELECT count(*) = 0 FROM bids_jobs").await;
        working.stop().await;
        let mut told: Vec<_> = told.lock().unwrap().iter().map(|job| (job.name.clone(), job.attempt)).collect();
        told.sort();
        assert_eq!(told, [("ask_bank".to_owned(), 1), ("ask_seller".to_owned(), 1)]);
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM bids_history WHERE version > 1").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_does_not_wait_for_the_backlog_of_another_one() {
    for claims in CLAIMS {
        let world = with_bids().await;
        for _ in 0..40 {
            world.parcel().await;
        }
        world.run("INSERT INTO bids (id) SELECT gen_random_uuid() FROM generate_series(1, 40)").await;
        let (depot, mut alone) = (Depot::default(), claiming(claims));
        let told = depot.told.clone();
        alone.concurrency = 1;
        let working = start(Worker::with(world.runtime(depot).await, alone).serving::<Parcel>().serving::<Bid>());
        world.until("SELECT count(*) = 40 FROM parcels WHERE state = 'booked'").await;
        world.until("SELECT count(*) = 40 FROM bids WHERE state <> 'open'").await;
        working.stop().await;
        let told = told.lock().unwrap();
        let of_bids = told[..30].iter().filter(|job| job.name.starts_with("ask_")).count();
        assert!((5..=25).contains(&of_bids), "{of_bids} of the first 30 are of bids");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_cannot_be_read_is_parked_and_does_not_hold_up_the_others() {
    let world = World::new().await;
    world.run("ALTER TABLE parcels ALTER address DROP NOT NULL").await;
    world.run("INSERT INTO parcels (id, ready) VALUES (gen_random_uuid(), true)").await;
    for _ in 0..7 {
        world.parcel().await;
    }
    let mut once = settings();
    once.attempts = 1;
    let working = world.work_with(Depot::default(), once).await;
    world.until("SELECT count(*) = 7 FROM parcels WHERE state = 'booked'").await;
    world.until("SELECT last_error LIKE '%address%' AND run_at = 'infinity' FROM parcels_jobs WHERE job = 'find_courier'").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leases_are_held_while_instances_cannot_be_loaded() {
    let world = World::new().await;
    for _ in 0..3 {
        world.parcel().await;
    }
    let mut locked = world.admin.begin().await.unwrap();
    sqlx::query("LOCK TABLE parcels IN ACCESS EXCLUSIVE MODE").execute(&mut *locked).await.unwrap();
    let (depot, mut short) = (Depot::default(), settings());
    let told = depot.told.clone();
    short.lease = Duration::from_millis(900);
    let working = world.work_with(depot, short).await;
    world.until("SELECT count(*) >= 3 FROM pg_locks WHERE relation = 'parcels'::regclass AND NOT granted").await;
    let first: String = world.ask("SELECT max(run_at)::text FROM parcels_jobs").await;
    world.until(&format!("SELECT min(run_at) > '{first}' AND now() > '{first}' FROM parcels_jobs")).await;
    locked.commit().await.unwrap();
    world.until("SELECT count(*) = 3 FROM parcels WHERE state = 'booked'").await;
    working.stop().await;
    let attempts: Vec<u32> =
        told.lock().unwrap().iter().filter(|job: &&Job| job.name == "find_courier").map(|job| job.attempt).collect();
    assert_eq!(attempts, [1; 3]);
}
