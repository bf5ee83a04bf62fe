//! A job of three steps, as the README shows it, with as many workers as the library makes by itself.

use crate::{Step, untouched, watched};
use peer_shared::{Failure, sql, steps_from};
use sqlx::{PgPool, Postgres, Transaction};
use std::time::Duration;
use tokio::task::JoinSet;
use underway::task::Result as Done;
use underway::{Job, To};
use uuid::Uuid;

const NOTE: &str = "\
step and next task commit together; that the task is done is noted after it, for committing the step's savepoint leaves the worker \
without its transaction";

/// Each of them reads what the step before has written.
pub(crate) async fn run(pool: &PgPool) -> Result<(Duration, bool, String), Failure> {
    let job = Job::<Step, ()>::builder()
        .step(|cx, step: Step| async move { moved(cx.tx, &step).await.map(|()| To::Next(after(step))) })
        .step(|cx, step: Step| async move { moved(cx.tx, &step).await.map(|()| To::Next(after(step))) })
        .step(|cx, step: Step| async move {
            moved(cx.tx, &step).await?;
            To::done()
        })
        .name("orders")
        .pool(pool.clone())
        .build()
        .await?;
    let mut tx = pool.begin().await?;
    for order in untouched(pool).await? {
        job.enqueue_using(&mut *tx, &first(order)).await?;
    }
    tx.commit().await?;
    let worker = job.worker();
    let mut working = JoinSet::new();
    working.spawn(async move { worker.run().await });
    let (took, end) = watched(pool, working).await?;
    Ok((took, false, end.noted(NOTE)))
}

async fn moved(mut tx: Transaction<'static, Postgres>, step: &Step) -> Done<()> {
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

fn first(order: Uuid) -> Step {
    Step { order, to: "reserved".into() }
}

fn after(step: Step) -> Step {
    let to = steps_from(&step.to).first().map_or(step.to.clone(), |to| (*to).to_owned());
    Step { to, ..step }
}
