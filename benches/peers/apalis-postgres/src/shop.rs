//! The tasks, and how they are pushed and worked.

use apalis::prelude::*;
use apalis_postgres::queries::{handle_results, push_tasks};
use apalis_postgres::{Config, PostgresStorage};
use peer_shared::{Failure, sql, steps_from};
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgConnection, PgPool};
use std::time::Duration;
use uuid::Uuid;

const QUEUE: &str = "orders";

/// For a tuned worker: tasks that run at once, tasks of one fetch, and connections.
const WORKERS: usize = 64;
const FETCH: usize = 100;
pub const CONNECTIONS: u32 = 24;

/// How many tasks are pushed in one statement.
const BATCH: usize = 1_000;

/// Brings an order into a state.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Bring {
    id: Uuid,
    state: String,
}

#[derive(Clone)]
pub struct Shop {
    pool: PgPool,
    best: bool,
}

impl Shop {
    pub fn new(pool: PgPool, best: bool) -> Self {
        Self { pool, best }
    }

    pub async fn migrate(&self) -> Result<(), Failure> {
        Ok(PostgresStorage::setup(&self.pool).await?)
    }

    /// The task of the first step of each order.
    pub async fn enqueue_all(&self, orders: Vec<(Uuid, String)>) -> Result<(), Failure> {
        let mut connection = self.pool.acquire().await?;
        for some in orders.chunks(BATCH) {
            let tasks: Result<Vec<_>, Failure> = some.iter().map(|(id, _)| task(*id, "reserved")).collect();
            push_tasks(&mut *connection, QUEUE, tasks?).await?;
        }
        Ok(())
    }

    /// A caller's step: the order, the ledger and the follow-up task.
    pub async fn step(&self, id: Uuid, state: &str) -> Result<(), Failure> {
        let mut together = self.pool.begin().await?;
        done(&mut together, id, state).await?;
        Ok(together.commit().await?)
    }

    /// Until it is dropped. A tuned one fetches more at once and runs tasks beside each other; to be woken by notifications
    /// besides made it no faster, because there always is a next task.
    pub async fn work(&self) -> Result<(), Failure> {
        // A worker that has the name of a killed one keeps it alive, and its tasks are never taken up again.
        let worker = WorkerBuilder::new(format!("orders-{}", Uuid::new_v4()));
        let storage = PostgresStorage::<Bring>::new(&self.pool).with_config(config(self.best));
        match self.best {
            true => {
                let worker = worker.backend(storage).data(self.clone()).concurrency(WORKERS);
                worker.parallelize(tokio::spawn).build(bring).run().await?
            }
            false => worker.backend(storage).data(self.clone()).build(bring).run().await?,
        }
        Ok(())
    }
}

/// Heartbeats are those of the library's example. By default a dead worker is noticed after five minutes, which no measurement
/// waits for.
fn config(best: bool) -> Config {
    let config = Config::default().queue(QUEUE).heartbeat_interval(Duration::from_secs(1)).missed_heartbeats(10);
    match best {
        true => config.batch_size(FETCH).lock_tasks(false),
        false => config,
    }
}

fn task(id: Uuid, state: &str) -> Result<Task<Vec<u8>>, Failure> {
    Ok(TaskBuilder::new(serde_json::to_vec(&Bring { id, state: state.into() })?).build())
}

async fn bring(asked: Bring, task: TaskId, attempt: Attempt, worker: WorkerContext, shop: Data<Shop>) -> Result<(), BoxDynError> {
    let mut together = shop.pool.begin().await?;
    done(&mut together, asked.id, &asked.state).await?;
    if shop.best {
        complete(&mut together, task, &attempt, &worker).await?;
    }
    Ok(together.commit().await?)
}

/// A task that is not this worker's any more is not done by it.
async fn complete(
    together: &mut PgConnection,
    task_id: TaskId,
    attempt: &Attempt,
    worker: &WorkerContext,
) -> Result<(), Failure> {
    let result = TaskResult { task_id, attempt: attempt.current(), status: Status::Done, result: Ok(serde_json::Value::Null) };
    match handle_results(together, &[&result], worker.name()).await? {
        1 => Ok(()),
        _ => Err("the task belongs to another worker".into()),
    }
}

async fn done(together: &mut PgConnection, id: Uuid, state: &str) -> Result<(), Failure> {
    sqlx::query(sql::STEP).bind(id).bind(state).execute(&mut *together).await?;
    if let Some(next) = steps_from(state).first() {
        push_tasks(together, QUEUE, vec![task(id, next)?]).await?;
    }
    Ok(())
}
