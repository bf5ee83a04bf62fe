//! A task for each step: the step, the next task and that this one is done commit in the worker's transaction.

use crate::{Step, untouched, watched};
use peer_shared::{Asked, Failure, sql, steps_from};
use sqlx::{PgPool, Postgres, Transaction};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use underway::task::{Error, Result as Done};
use underway::{Queue, Task, Worker};

const NOTE: &str = "step, next task and that this one is done commit in the worker's transaction";

#[derive(Clone)]
pub(crate) struct Move {
    pub(crate) queue: Arc<Queue<Move>>,
}

pub(crate) async fn queue(pool: &PgPool, name: &str) -> Result<Arc<Queue<Move>>, Failure> {
    Ok(Arc::new(Queue::builder().name(name).pool(pool.clone()).build().await?))
}

impl Task for Move {
    type Input = Step;
    type Output = ();

    async fn execute(&self, mut tx: Transaction<'_, Postgres>, step: Step) -> Done<()> {
        sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(&mut *tx).await?;
        if let Some(to) = steps_from(&step.to).first() {
            let next = Step { order: step.order, to: (*to).to_owned() };
            let enqueued = self.queue.enqueue(&mut *tx, self, &next).await;
            enqueued.map_err(|failure| Error::Retryable(failure.to_string()))?;
        }
        Ok(tx.commit().await?)
    }
}

pub(crate) async fn run(asked: &Asked, pool: &PgPool) -> Result<(Duration, bool, String), Failure> {
    let moving = Move { queue: queue(pool, "orders").await? };
    let first = |order| Step { order, to: "reserved".into() };
    let steps: Vec<Step> = untouched(pool).await?.into_iter().map(first).collect();
    moving.queue.enqueue_multi(pool, &moving, &steps).await?;
    let mut worker = Worker::new(moving.queue.clone(), moving);
    worker.set_concurrency_limit(asked.clients as usize);
    let mut working = JoinSet::new();
    working.spawn(async move { worker.run().await });
    let (took, end) = watched(pool, working).await?;
    Ok((took, true, end.noted(NOTE)))
}
