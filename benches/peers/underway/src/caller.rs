//! Each client moves an order as far as it goes, and enqueues a task for each step.

use crate::Step;
use crate::task::{Move, queue};
use peer_shared::{Asked, Failure, clients, sql, steps_from};
use sqlx::PgPool;
use std::time::{Duration, Instant};
use uuid::Uuid;

pub(crate) async fn run(asked: &Asked, pool: &PgPool) -> Result<(Duration, bool, String), Failure> {
    let telling = Move { queue: queue(pool, "told").await? };
    let begun = Instant::now();
    let open: Vec<(Uuid, String)> = sqlx::query_as(sql::OPEN).fetch_all(pool).await?;
    let (pool, best) = (pool.clone(), asked.is_best());
    clients(open, asked.clients, move |(order, state)| {
        let (pool, telling) = (pool.clone(), telling.clone());
        async move {
            for to in steps_from(&state) {
                let step = Step { order, to: (*to).to_owned() };
                if best { in_one(&pool, &telling, &step).await? } else { in_two(&pool, &telling, &step).await? }
            }
            Ok(())
        }
    })
    .await?;
    let note =
        if best { "the task is enqueued in the step's transaction" } else { "the task is enqueued after the step, on the pool" };
    Ok((begun.elapsed(), best, note.into()))
}

async fn in_one(pool: &PgPool, telling: &Move, step: &Step) -> Result<(), Failure> {
    let mut tx = pool.begin().await?;
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(&mut *tx).await?;
    telling.queue.enqueue(&mut *tx, telling, step).await?;
    Ok(tx.commit().await?)
}

async fn in_two(pool: &PgPool, telling: &Move, step: &Step) -> Result<(), Failure> {
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(pool).await?;
    telling.queue.enqueue(pool, telling, step).await?;
    Ok(())
}
