//! Each client moves an order as far as it goes, and spawns a job for each step.

use crate::Step;
use peer_shared::{Asked, Failure, clients, sql, steps_from};
use sqlx::PgPool;
use sqlxmq::JobBuilder;
use uuid::Uuid;

/// Nobody works off what was told: its channel has no runner.
const TOLD: &str = "told";

pub(crate) async fn run(asked: &Asked, pool: &PgPool) -> Result<String, Failure> {
    let open: Vec<(Uuid, String)> = sqlx::query_as(sql::OPEN).fetch_all(pool).await?;
    let (pool, best) = (pool.clone(), asked.is_best());
    clients(open, asked.clients, move |(order, state)| {
        let pool = pool.clone();
        async move {
            for to in steps_from(&state) {
                let step = Step { order, to: (*to).to_owned() };
                if best { in_one(&pool, &step).await? } else { in_two(&pool, &step).await? }
            }
            Ok(())
        }
    })
    .await?;
    Ok(if best { "the job is spawned in the step's transaction" } else { "the job is spawned after the step, on the pool" }
        .into())
}

async fn in_one(pool: &PgPool, step: &Step) -> Result<(), Failure> {
    let mut tx = pool.begin().await?;
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(&mut *tx).await?;
    JobBuilder::new(TOLD).set_channel_name(TOLD).set_json(step)?.spawn(&mut *tx).await?;
    Ok(tx.commit().await?)
}

async fn in_two(pool: &PgPool, step: &Step) -> Result<(), Failure> {
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(pool).await?;
    JobBuilder::new(TOLD).set_channel_name(TOLD).set_json(step)?.spawn(pool).await?;
    Ok(())
}
