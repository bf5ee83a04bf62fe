//! Activities and tasks that take no time themselves.

use super::site::{Press, Print, Site, work};
use std::time::Instant;
use workflow_runtime::{Worker, WorkerSettings};

const PRINTS: u32 = 5_000;

pub(crate) async fn measure() {
    for concurrency in [1, 16, 64] {
        let site = Site::new().await;
        site.run(&format!("INSERT INTO prints (id) SELECT generate_series(1, {PRINTS})")).await;
        site.run("UPDATE prints SET state = 'printing', event = 'begin', version = 2, entered_at = now()").await;
        site.run("VACUUM ANALYZE").await;
        let mut settings = WorkerSettings::default();
        settings.concurrency = concurrency;
        let worker = Worker::with(site.runtime(Press(None), true).await, settings).serving::<Print>();
        let begun = Instant::now();
        let (stop, ended) = work(worker);
        site.none("SELECT count(*) FROM prints_jobs").await;
        let took = begun.elapsed();
        assert_eq!(site.count("SELECT count(*) FROM prints_history WHERE event = 'end'").await, i64::from(PRINTS));
        let rate = f64::from(2 * PRINTS) / took.as_secs_f64();
        println!("jobs: {} of {PRINTS} prints, {concurrency} at once, in {took:.1?}, {rate:.0} a second", 2 * PRINTS);
        let _ = stop.send(());
        ended.await.expect("it ends");
    }
}
