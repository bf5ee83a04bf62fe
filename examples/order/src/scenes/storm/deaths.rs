//! SIGKILL for workers and services, restarts for the server.

use super::troupe::Troupe;
use super::{Failure, Terms};
use fastrand::Rng;
use std::time::Duration;
use tokio::time::{Instant, interval_at};
use workflow_testing::{Database, Server};

/// Restarts of the server.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Restarted {
    /// Stopped properly before.
    pub(crate) properly: u32,
    /// Killed before.
    pub(crate) killed: u32,
}

/// One of the workers as a rule, one of the services once in six times.
pub(super) async fn of_processes(troupe: &Troupe, terms: &Terms) -> Result<(), Failure> {
    let mut random = Rng::with_seed(u64::from(terms.seed) + 1);
    let every = Duration::from_secs(terms.kill_every.max(1).into());
    let mut pace = interval_at(Instant::now() + every, every);
    for _ in 0..terms.seconds / terms.kill_every.max(1) {
        pace.tick().await;
        let worker = &troupe.workers[random.usize(..troupe.workers.len())];
        let one = if random.u32(..6) > 0 { worker } else { random.choice([&troupe.courier, &troupe.mail]).unwrap_or(worker) };
        one.kill().await;
    }
    Ok(())
}

/// Evenly over the time.
pub(super) async fn of_the_server(server: &Server, database: &Database, terms: &Terms) -> Result<Restarted, Failure> {
    let every = Duration::from_secs(terms.seconds.into()) / (terms.restarts + 1);
    let mut pace = interval_at(Instant::now() + every, every.max(Duration::from_millis(1)));
    let mut restarted = Restarted::default();
    for n in 0..terms.restarts {
        pace.tick().await;
        if n % 2 == 0 {
            server.kill().await?;
            restarted.killed += 1;
        } else {
            restarted.properly += 1;
        }
        server.restart().await?;
        let mut connection = database.connect().await?;
        sqlx::query("INSERT INTO servers DEFAULT VALUES").execute(&mut connection).await?;
    }
    Ok(restarted)
}
