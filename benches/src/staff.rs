//! Workers that run until they are told to stop.

use crate::Failure;
use crate::parcel::Depot;
use crate::site::Site;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use workflow_runtime::Worker;

pub(crate) struct Staff {
    stop: oneshot::Sender<()>,
    working: JoinHandle<()>,
}

impl Staff {
    pub(crate) fn at_work(worker: Worker<Depot>) -> Staff {
        let (stop, stopped) = oneshot::channel();
        Staff { stop, working: tokio::spawn(worker.run(async move { stopped.await.unwrap_or_default() })) }
    }

    pub(crate) async fn go_home(self) -> Result<(), Failure> {
        let _ = self.stop.send(());
        Ok(self.working.await?)
    }
}

/// Until no job is left in the table. To count them all would take a good part of a processor away from those who work.
pub(crate) async fn done(site: &Site, jobs: &str) -> Result<(), Failure> {
    while site.count(&format!("SELECT count(*) FROM (SELECT FROM {jobs} LIMIT 1) AS one")).await? > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
