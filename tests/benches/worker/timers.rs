//! Timers that all fall due at once.

use super::site::{Press, Print, Site, work};
use std::time::Instant;
use workflow_runtime::Worker;

const TIMERS: u32 = 100_000;

pub(crate) async fn measure() {
    let site = Site::new().await;
    site.run(&format!("INSERT INTO prints (id) SELECT generate_series(1, {TIMERS})")).await;
    site.run("UPDATE prints_jobs SET run_at = now() - interval '1 second'").await;
    site.run("VACUUM ANALYZE").await;
    let worker = Worker::new(site.runtime(Press(None), true).await).serving::<Print>();
    let begun = Instant::now();
    let (stop, ended) = work(worker);
    site.none("SELECT count(*) FROM prints_jobs").await;
    let took = begun.elapsed();
    assert_eq!(site.count("SELECT count(*) FROM prints_history WHERE event = 'expire'").await, i64::from(TIMERS));
    println!("timers: {TIMERS} in {took:.1?}, {:.0} a second", f64::from(TIMERS) / took.as_secs_f64());
    let _ = stop.send(());
    ended.await.expect("it ends");
}
