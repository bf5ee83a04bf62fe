//! How much at once.

use super::depot::{Depot, World, book, does, settings, start};
use super::parcels::{Parcel, parcel};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use workflow_runtime::{Job, Worker};

/// An activity that counts how many of it run at the same time, and the most that ever did.
fn counting(most: &Arc<AtomicUsize>) -> Depot {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), most.clone());
    let find_courier =
        Box::new(move |_: Parcel<parcel::Packed>, job: Job| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
            let (now, most) = (now.clone(), most.clone());
            Box::pin(async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(5)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                Ok(book(&job))
            })
        });
    Depot { find_courier, ..Depot::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_than_the_limit_of_a_job_and_of_the_worker_run_at_once() {
    for (limit, concurrency, expected) in [(2, 16, 2), (100, 3, 3)] {
        let world = World::new().await;
        for _ in 0..30 {
            world.parcel().await;
        }
        let most = Arc::new(AtomicUsize::new(0));
        let mut settings = settings();
        settings.concurrency = concurrency;
        let worker = Worker::with(world.runtime(counting(&most)).await, settings).limit("find_courier", limit);
        let working = start(worker.serving::<Parcel>());
        world.until("SELECT count(*) = 30 FROM parcels WHERE state = 'booked'").await;
        working.stop().await;
        assert_eq!(most.load(Ordering::SeqCst), expected);
    }
}

/// An activity that never ends; it tells that it has begun.
fn endless(begun: &Arc<Notify>) -> Depot {
    let begun = begun.clone();
    let find_courier = Box::new(move |_: Parcel<parcel::Packed>, _: Job| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
        let begun = begun.clone();
        Box::pin(async move {
            begun.notify_one();
            std::future::pending().await
        })
    });
    Depot { find_courier, ..Depot::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_room_goes_on_as_soon_as_there_is_some() {
    let world = World::new().await;
    for _ in 0..5 {
        world.parcel().await;
    }
    let mut settings = settings();
    settings.poll = Duration::from_secs(3600);
    // An outcome that writes no work: nothing but the room that it leaves tells of it.
    let depot = Depot { find_courier: does(|_, _| Ok(parcel::event::Refuse.into())), ..Depot::default() };
    let worker = Worker::with(world.runtime(depot).await, settings).serving::<Parcel>();
    let working = start(worker.limit("find_courier", 1));
    world.until("SELECT count(*) = 5 FROM parcels WHERE state = 'returned'").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn timers_fire_while_all_room_is_taken() {
    let world = World::new().await;
    world.run("INSERT INTO parcels (id, address, ready) VALUES (gen_random_uuid(), 'a', true)").await;
    world.run("UPDATE parcels SET state = 'booked', event = 'book', tracking = 'T', version = 2, entered_at = now()").await;
    world.run("DELETE FROM parcels_jobs WHERE kind = 'task'").await;
    world.parcel().await;
    let begun = Arc::new(Notify::new());
    let mut settings = settings();
    (settings.concurrency, settings.grace) = (1, Duration::ZERO);
    let working = world.work_with(endless(&begun), settings).await;
    begun.notified().await;
    world.run("UPDATE parcels_jobs SET run_at = now() WHERE job = 'deliver'").await;
    world.until("SELECT count(*) = 1 FROM parcels WHERE state = 'delivered'").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_attempts_than_the_rate_begin_and_the_next_one_does_not_wait_for_the_poll() {
    let world = World::new().await;
    for _ in 0..6 {
        world.parcel().await;
    }
    let begun = Arc::new(Mutex::new(Vec::new()));
    let tell = begun.clone();
    let find_courier = does(move |_, job: Job| {
        tell.lock().unwrap().push(Instant::now());
        Ok(book(&job))
    });
    let depot = Depot { find_courier, ..Depot::default() };
    let mut settings = settings();
    settings.poll = Duration::from_secs(3600);
    let worker = Worker::with(world.runtime(depot).await, settings).rate("find_courier", 2, Duration::from_millis(400));
    let working = start(worker.serving::<Parcel>());
    world.until("SELECT count(*) = 6 FROM parcels WHERE state = 'booked'").await;
    working.stop().await;
    let begun = begun.lock().unwrap();
    // Two at once, then one in 200 ms.
    assert!(begun[5] - begun[0] >= Duration::from_millis(750), "{begun:?}");
}

/// One of two has no token, and then goes away; a job that may never begin is still due.
#[tokio::test(flavor = "multi_thread")]
async fn a_rate_is_not_waited_for_when_nothing_of_its_job_is_left() {
    let world = World::new().await;
    world.parcel().await;
    world.lost().await;
    world.run("DELETE FROM parcels_jobs WHERE kind <> 'activity'").await;
    world.parcel().await;
    let runtime = world.runtime(Depot::default()).await;
    let worker = Worker::with(runtime.clone(), settings()).rate("search", 1, Duration::from_secs(5)).limit("find_courier", 0);
    let idle = tokio::spawn(worker.serving::<Parcel>().until_idle());
    world.until("SELECT count(*) = 1 FROM parcels WHERE state = 'lost'").await;
    let left = world.ask::<uuid::Uuid>("SELECT id FROM parcels WHERE state = 'lost'").await;
    runtime.fire(left, parcel::event::TurnUp).await.unwrap();
    tokio::time::timeout(Duration::from_secs(20), idle).await.expect("it ends").unwrap().unwrap();
}
