//! A process that performs.

use crate::Failure;
use crate::load::bank::Bank;
use crate::load::workflow::{Account, Part};
use crate::partner::Partner;
use clap::Args;
use sqlx::postgres::PgPoolOptions;
use std::path::PathBuf;
use std::time::Duration;
use workflow_runtime::{Runtime, Worker, WorkerSettings};

/// So long a worker that is stopped keeps its jobs from others.
pub(crate) const LEASE: Duration = Duration::from_secs(4);

/// Started by the scheduler.
#[derive(Args, Debug)]
pub(crate) struct Working {
    url: String,
    ledger: PathBuf,
    seed: u64,
}

/// It may be started while the database is away.
pub(crate) async fn work(working: Working) -> Result<(), Failure> {
    let pool = PgPoolOptions::new().max_connections(6).test_before_acquire(false).connect_lazy(&working.url)?;
    let bank = Runtime::new(pool, Bank::with(Partner::new(&working.ledger, working.seed)?));
    let mut settings = WorkerSettings::default();
    settings.lease = LEASE;
    settings.poll = Duration::from_millis(200);
    settings.grace = Duration::from_secs(2);
    Worker::with(bank, settings).serving::<Account>().serving::<Part>().run(crate::troupe::abandoned()).await;
    Ok(())
}
