//! The workflow, and how it is started and queued.

use dbos::{Config, DBOS, Enqueue, QueueConflict, QueueOptions, RunOptions, StartOptions, WorkflowRef, step};
use peer_shared::{Asked, Failure, sql, steps_from};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPool;
use std::fmt;
use std::time::Duration;
use uuid::Uuid;

const QUEUE: &str = "orders";

/// For a tuned instance: connections of each of the two pools. How many workflows run at once is not limited, as by default: a queue
/// is first looked at once a second, whatever its interval, and with 64 at once it took two times as long, with 1,000 no less.
pub const CONNECTIONS: u32 = 16;

/// By default it looks once a second.
const LOOK: Duration = Duration::from_millis(20);

/// What the database said, as the library records it.
#[derive(Debug, Serialize, Deserialize)]
struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

impl std::error::Error for Refused {}

#[derive(Clone)]
pub struct Shop {
    library: DBOS,
    workflow: WorkflowRef<Uuid, (), Refused>,
    best: bool,
}

impl Shop {
    /// That works what is queued.
    pub fn with_queue(asked: &Asked, pool: PgPool) -> Result<Self, Failure> {
        Self::new(asked, pool, None)
    }

    /// That runs what it is asked to, and takes nothing from the queue.
    pub fn without_queue(asked: &Asked, pool: PgPool) -> Result<Self, Failure> {
        Self::new(asked, pool, Some(Vec::new()))
    }

    fn new(asked: &Asked, pool: PgPool, listen_queues: Option<Vec<String>>) -> Result<Self, Failure> {
        let best = asked.is_best();
        let library = DBOS::new(Config { listen_queues, ..config(&asked.url, best) });
        let workflow = library.register_workflow("bring", move |id| bring(pool.clone(), id))?;
        Ok(Self { library, workflow, best })
    }

    /// What a killed process left goes back to its queue here.
    pub async fn launch(&self) -> Result<(), Failure> {
        self.library.launch().await?;
        self.library.register_queue(QUEUE, queue(self.best), QueueConflict::AlwaysUpdate).await?;
        Ok(())
    }

    pub async fn enqueue(&self, id: Uuid) -> Result<(), Failure> {
        let name = format!("queued-{id}");
        let options = StartOptions { workflow_id: Some(&name), queue: Some(Enqueue::new(QUEUE)), ..StartOptions::default() };
        self.workflow.start_with(id, options).await?;
        Ok(())
    }

    /// A caller's order, from the start of its workflow to the result. One that is there already is waited for.
    pub async fn bring(&self, id: Uuid) -> Result<(), Failure> {
        let name = format!("called-{id}");
        let options = RunOptions { workflow_id: Some(&name), ..RunOptions::default() };
        Ok(self.workflow.run_with(id, options).await?)
    }

    pub async fn stop(&self) {
        self.library.shutdown().await;
    }
}

fn config(url: &str, best: bool) -> Config {
    let config = Config { app_version: Some(env!("CARGO_PKG_VERSION").into()), ..Config::new("shop", url) };
    match best {
        true => Config { max_connections: CONNECTIONS, outcome_poll_interval: Some(LOOK), ..config },
        false => config,
    }
}

fn queue(best: bool) -> QueueOptions {
    match best {
        true => QueueOptions { polling_interval: LOOK, ..QueueOptions::default() },
        false => QueueOptions::default(),
    }
}

async fn bring(pool: PgPool, id: Uuid) -> dbos::Result<(), Refused> {
    for state in steps_from("placed") {
        step(state, || done(&pool, id, state)).await?;
    }
    Ok(())
}

async fn done(pool: &PgPool, id: Uuid, state: &str) -> dbos::Result<(), Refused> {
    let done = sqlx::query(sql::STEP).bind(id).bind(state).execute(pool).await;
    done.map(drop).map_err(|fault| Refused(fault.to_string()).into())
}
