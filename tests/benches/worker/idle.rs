//! How often a worker asks when there is nothing to do.

use super::site::{Press, Print, Site, work};
use std::time::{Duration, Instant};
use workflow_runtime::{Runtime, Worker};
use workflow_testing::Proxy;

const LONG: Duration = Duration::from_secs(20);

pub(crate) async fn measure() {
    let site = Site::new().await;
    let proxy = Proxy::start(site.server.socket_path()).await.expect("a free port");
    let runtime = Runtime::connect(&proxy.url(site.database.url()), Press(None)).await.expect("a runtime");
    let (stop, ended) = work(Worker::new(runtime).serving::<Print>());
    tokio::time::sleep(Duration::from_secs(3)).await;
    let (before, begun) = ((transactions(&site).await, proxy.bursts()), Instant::now());
    tokio::time::sleep(LONG).await;
    let after = (transactions(&site).await, proxy.bursts());
    let seconds = begun.elapsed().as_secs_f64();
    // One's own question is a transaction, too.
    let [queries, trips] = [after.0 - before.0 - 1, i64::try_from(after.1 - before.1).unwrap_or(i64::MAX)];
    println!("idle: {:.2} queries a second, {:.2} round trips", queries as f64 / seconds, trips as f64 / seconds);
    let _ = stop.send(());
    ended.await.expect("it ends");
}

async fn transactions(site: &Site) -> i64 {
    // What a backend has counted it reports within a second of being idle.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    site.count("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()").await
}
