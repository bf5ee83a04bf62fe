//! Where a worker listens when its pool has no sessions.

use crate::worker::depot::{Depot, World, behind, settings, start};
use crate::worker::parcels::Parcel;
use workflow_runtime::{Runtime, Worker};

const LISTENING: &str = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^LISTEN')";

/// That a hint comes through the direct URL is in the suite itself: `worker/waking.rs`.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_direct_url_a_worker_does_not_listen_on_connections_of_others_and_looks_by_itself() {
    let world = World::new().await;
    let runtime = Runtime::with(crate::worker::depot::pool(&world.url()), Depot::default(), behind(true));
    let working = start(Worker::with(runtime, settings()).serving::<Parcel>());
    world.parcel().await;
    world.until("SELECT state = 'booked' FROM parcels").await;
    world.until("SELECT count(*) = 0 FROM parcels_jobs WHERE kind <> 'timer'").await;
    working.stop().await;
    assert!(!world.ask::<bool>(LISTENING).await);
}
