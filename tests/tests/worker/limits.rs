//! How much at once.

use super::depot::{Depot, World, book, settings, start};
use super::parcels::{Parcel, parcel};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use workflow_runtime::{Job, Worker};

/// An activity that counts how many of it run at the same time, and the most that ever did.
fn counting(most: &Arc<AtomicUsize>) -> Depot {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), most.clone());
    let find_courier =
        Box::new(move |_: Parcel<parcel::Packed>, job: Job| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
            let (now, most) = (now.clone(), most.clone());
            Box::pin(async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
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
