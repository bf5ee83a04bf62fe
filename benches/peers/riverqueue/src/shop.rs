//! The jobs, and how they are inserted and worked.

use peer_shared::{Failure, sql, steps_from};
use riverqueue::database::begin_postgres;
use riverqueue::{Client, Job, JobArgs, MaintenanceConfig, QueueConfig, RunHandle, WorkContext, WorkOutcome, Workers};
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgPool, Postgres};
use std::time::Duration;
use uuid::Uuid;

/// How many jobs run at once: the README's number, and a tuned one.
const WORKERS: usize = 10;
const MANY_WORKERS: usize = 64;

/// For a tuned client: more than this only wait for each other.
pub const CONNECTIONS: u32 = 24;

/// How many jobs are inserted in one statement.
const BATCH: usize = 1_000;

/// After a crash the default is an hour, which no measurement waits for. How soon a crash is noticed says nothing about how fast it is.
const RESCUE_AFTER: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_secs(1);

/// Brings an order into a state.
#[derive(Debug, Clone, Serialize, Deserialize, JobArgs)]
#[river(kind = "bring")]
struct Bring {
    id: Uuid,
    state: String,
}

type Together = sqlx::Transaction<'static, Postgres>;

#[derive(Clone)]
pub struct Shop {
    client: Client,
    pool: PgPool,
}

impl Shop {
    /// That inserts jobs and works none.
    pub fn client(pool: PgPool) -> Result<Self, Failure> {
        Ok(Self { client: Client::builder(pool.clone()).build()?, pool })
    }

    /// A tuned one looks for jobs again as soon as it may, and completes a job in the transaction of its step.
    pub fn workers(pool: PgPool, best: bool) -> Result<Self, Failure> {
        let mut workers = Workers::new();
        let of_jobs = pool.clone();
        workers.add_fn(move |context, job| bring(of_jobs.clone(), context, job, best))?;
        let client = Client::builder(pool.clone()).workers(workers).job_timeout(RESCUE_AFTER).maintenance(watchful());
        let client = match best {
            true => client.fetch_cooldown(Duration::from_millis(1)).queue("default", tuned()),
            false => client.queue("default", QueueConfig::new(WORKERS)),
        };
        Ok(Self { client: client.build()?, pool })
    }

    pub fn start(&self) -> Result<RunHandle, Failure> {
        Ok(self.client.start()?)
    }

    /// The job of the first step of each order.
    pub async fn enqueue_all(&self, orders: Vec<(Uuid, String)>) -> Result<(), Failure> {
        for some in orders.chunks(BATCH) {
            let jobs = some.iter().map(|(id, _)| Bring { id: *id, state: "reserved".into() });
            self.client.insert_many(jobs).await?;
        }
        Ok(())
    }

    /// A caller's step: the order, the ledger and the follow-up job.
    pub async fn step(&self, id: Uuid, state: &str) -> Result<(), Failure> {
        let mut together = begin_postgres(&self.pool).await?;
        done(&self.client, &mut together, id, state).await?;
        Ok(together.commit().await?)
    }
}

/// A leader that was killed is followed after ten seconds more than an election's interval.
fn watchful() -> MaintenanceConfig {
    let rescued = MaintenanceConfig::default().with_rescue_after(RESCUE_AFTER).with_rescuer_interval(LOOK);
    rescued.with_elect_interval(LOOK).with_scheduler_interval(LOOK)
}

fn tuned() -> QueueConfig {
    QueueConfig::new(MANY_WORKERS).with_fetch_poll_interval(Duration::from_millis(20))
}

async fn bring(pool: PgPool, context: WorkContext, job: Job<Bring>, best: bool) -> Result<WorkOutcome, Failure> {
    let client = context.client().ok_or("a job without a client")?;
    let mut together = begin_postgres(&pool).await?;
    done(client, &mut together, job.args.id, &job.args.state).await?;
    if best {
        context.job_complete_tx(&mut together).await?;
    }
    together.commit().await?;
    Ok(WorkOutcome::Complete)
}

async fn done(client: &Client, together: &mut Together, id: Uuid, state: &str) -> Result<(), Failure> {
    sqlx::query(sql::STEP).bind(id).bind(state).execute(&mut **together).await?;
    if let Some(next) = steps_from(state).first() {
        client.insert(Bring { id, state: (*next).into() }).tx(together).await?;
    }
    Ok(())
}
