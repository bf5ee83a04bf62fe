//! Each client moves an order as far as it goes, and sends a message for each step.

use crate::{Step, TOLD};
use peer_shared::{Asked, Failure, clients, sql, steps_from};
use pgmq::PGMQueueExt;
use sqlx::PgPool;
use uuid::Uuid;

pub(crate) async fn run(asked: &Asked, pool: &PgPool, queue: &PGMQueueExt) -> Result<String, Failure> {
    let open: Vec<(Uuid, String)> = sqlx::query_as(sql::OPEN).fetch_all(pool).await?;
    let (pool, queue, best) = (pool.clone(), queue.clone(), asked.is_best());
    clients(open, asked.clients, move |(order, state)| {
        let (pool, queue) = (pool.clone(), queue.clone());
        async move {
            for to in steps_from(&state) {
                let step = Step { order, to: (*to).to_owned() };
                if best { in_one(&pool, &queue, &step).await? } else { in_two(&pool, &queue, &step).await? }
            }
            Ok(())
        }
    })
    .await?;
    Ok(if best { "the message is sent in the step's transaction" } else { "the message is sent after the step, as `send` does" }
        .into())
}

async fn in_one(pool: &PgPool, queue: &PGMQueueExt, step: &Step) -> Result<(), Failure> {
    let mut tx = pool.begin().await?;
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(&mut *tx).await?;
    queue.send_with_cxn(TOLD, step, &mut *tx).await?;
    Ok(tx.commit().await?)
}

async fn in_two(pool: &PgPool, queue: &PGMQueueExt, step: &Step) -> Result<(), Failure> {
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(pool).await?;
    queue.send(TOLD, step).await?;
    Ok(())
}
