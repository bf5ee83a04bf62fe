//! An activity's outcome is the event that follows, once.

use super::depot::{CLAIMS, Depot, World, claiming, does};
use super::parcels::parcel::event;

#[tokio::test(flavor = "multi_thread")]
async fn an_activity_leads_to_its_outcome_and_history_says_who_did_it() {
    for claims in CLAIMS {
        let world = World::new().await;
        let id = world.parcel().await;
        let depot = Depot::default();
        let told = depot.told.clone();
        let working = world.work_with(depot, claiming(claims)).await;
        world.until("SELECT count(*) = 0 FROM parcels_jobs WHERE kind <> 'timer'").await;
        working.stop().await;
        assert_eq!(world.state().await, "booked");
        assert_eq!(world.ask::<String>("SELECT tracking FROM parcels").await, format!("parcel/{id}/1/find_courier"));
        assert_eq!(world.ask::<String>("SELECT actor FROM parcels_history WHERE version = 2").await, "activity find_courier");
        let names: Vec<(String, u32)> = told.lock().unwrap().iter().map(|job| (job.key.clone(), job.attempt)).collect();
        assert_eq!(names, [(format!("parcel/{id}/1/find_courier"), 1), (format!("parcel/{id}/2/tell"), 1)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_outcome_leads_elsewhere() {
    let world = World::new().await;
    world.parcel().await;
    let working = world.work(Depot { find_courier: does(|_, _| Ok(event::Refuse.into())), ..Depot::default() }).await;
    world.until("SELECT state = 'returned' FROM parcels").await;
    working.stop().await;
    assert_eq!(world.ask::<String>("SELECT reason FROM parcels").await, "refused");
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_jobs").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_workers_do_each_job_once() {
    for claims in CLAIMS {
        let world = World::new().await;
        world
            .run("INSERT INTO parcels (id, address, ready) SELECT gen_random_uuid(), 'a', true FROM generate_series(1, 300)")
            .await;
        let mut working = Vec::new();
        let mut told = Vec::new();
        for _ in 0..6 {
            let depot = Depot::default();
            told.push(depot.told.clone());
            working.push(world.work_with(depot, claiming(claims)).await);
        }
        world.until("SELECT count(*) = 0 FROM parcels_jobs WHERE kind <> 'timer'").await;
        for worker in working {
            worker.stop().await;
        }
        let mut keys: Vec<String> = told.iter().flat_map(|t| t.lock().unwrap().clone()).map(|job| job.key).collect();
        keys.sort();
        let all = keys.len();
        keys.dedup();
        assert_eq!((keys.len(), all), (600, 600));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_this_binary_does_not_know_is_left_to_others() {
    let world = World::new().await;
    let id = world.parcel().await;
    world.run(&format!("INSERT INTO parcels_jobs (id, version, job, kind) VALUES ('{id}', 1, 'from_the_future', 'task')")).await;
    let working = world.work(Depot::default()).await;
    world.until("SELECT count(*) = 1 FROM parcels_jobs WHERE kind <> 'timer'").await;
    working.stop().await;
    assert_eq!(world.ask::<i32>("SELECT attempt FROM parcels_jobs WHERE job = 'from_the_future'").await, 0);
}
