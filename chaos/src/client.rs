//! A process that fires, and writes down what it is told.

mod call;
mod round;

use crate::Failure;
use crate::load::Load;
use crate::load::bank::Bank;
use crate::log::Lines;
use clap::Args;
use fastrand::Rng;
use sqlx::postgres::PgPoolOptions;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use uuid::Uuid;
use workflow_runtime::Runtime;

/// Started by the scheduler.
#[derive(Args, Debug)]
pub(crate) struct Firing {
    url: String,
    /// Ends with the process's name.
    log: PathBuf,
    seed: u64,
    #[command(flatten)]
    load: Load,
}

/// What the tasks of this process share.
pub(crate) struct Client {
    bank: Runtime<Bank>,
    log: Lines,
    /// History has it, with the call's number behind it.
    name: String,
    calls: AtomicU64,
    load: Load,
    /// How many times each account was closed, as far as this process knows.
    lives: Vec<AtomicU64>,
    /// The scheduler wants the process to end.
    over: AtomicBool,
}

/// It may be started while the database is away.
pub(crate) async fn fire(firing: Firing) -> Result<(), Failure> {
    let Firing { url, log, seed, load } = firing;
    let name = log.file_stem().ok_or("the log has no name")?.to_string_lossy().into_owned();
    let most = u32::try_from(load.tasks)?;
    let pool = PgPoolOptions::new().max_connections(most).test_before_acquire(false).connect_lazy(&url)?;
    let (bank, log) = (Runtime::new(pool, Bank::default()), Lines::append(&log)?);
    let (lives, over) = ((0..load.accounts).map(|_| AtomicU64::new(0)).collect(), AtomicBool::new(false));
    let client = Arc::new(Client { bank, log, name, calls: AtomicU64::new(0), load, lives, over });
    let mut seeds = Rng::with_seed(seed);
    let tasks: Vec<_> = (0..most).map(|_| tokio::spawn(client.clone().go_on(seeds.fork()))).collect();
    crate::troupe::abandoned().await;
    client.over.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await??;
    }
    Ok(())
}

impl Client {
    async fn go_on(self: Arc<Self>, mut random: Rng) -> Result<(), Failure> {
        while !self.over.load(Ordering::Relaxed) {
            self.round(&mut random).await?;
        }
        Ok(())
    }

    /// The nth of the accounts, in its latest life.
    fn living(&self, account: usize) -> Uuid {
        Uuid::from_u64_pair(account as u64, self.lives[account].load(Ordering::Relaxed))
    }

    /// It is closed. The next one has its place.
    fn buried(&self, id: Uuid) {
        let (account, life) = id.as_u64_pair();
        self.lives[account as usize].fetch_max(life + 1, Ordering::Relaxed);
    }
}
