//! How long after its commit a job starts.

use super::site::{Press, Print, Site, median, print, work};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use workflow_runtime::Worker;

pub(crate) async fn measure() {
    hinted(true, 300).await;
    hinted(false, 40).await;
}

async fn hinted(hints: bool, times: i64) {
    let site = Site::new().await;
    site.run(&format!("INSERT INTO prints (id) SELECT generate_series(1, {times})")).await;
    let (tell, mut told) = mpsc::unbounded_channel();
    let (stop, ended) = work(Worker::new(site.runtime(Press(Some(tell)), hints).await).serving::<Print>());
    let shop = site.runtime(Press(None), hints).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut waits = Vec::new();
    for id in 1..=times {
        shop.fire(id, print::event::Begin).await.expect("it begins");
        let committed = Instant::now();
        let (_, started) = told.recv().await.expect("the worker runs");
        waits.push(started.saturating_duration_since(committed));
        // Not in step with the worker's own rounds.
        tokio::time::sleep(Duration::from_millis(u64::try_from(37 * id % 400).unwrap_or_default())).await;
    }
    let (middle, last) = (median(&mut waits), waits[waits.len() - 1]);
    println!("start, {} hints: median {middle:.1?}, longest {last:.1?} of {times}", if hints { "with" } else { "without" });
    let _ = stop.send(());
    ended.await.expect("it ends");
}
