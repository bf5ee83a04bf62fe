//! Each client moves an order as far as it goes, and adds a job for each step.

use crate::{SCHEMA, Step};
use graphile_worker::{JobSpec, WorkerUtils};
use peer_shared::{Asked, Failure, clients, sql, steps_from};
use sqlx::PgPool;
use uuid::Uuid;

/// No worker works off what was told.
const TOLD: &str = "told";

pub(crate) async fn run(asked: &Asked, pool: &PgPool) -> Result<(bool, String), Failure> {
    let open: Vec<(Uuid, String)> = sqlx::query_as(sql::OPEN).fetch_all(pool).await?;
    let (pool, utils, best) = (pool.clone(), WorkerUtils::new(pool.clone(), SCHEMA), asked.is_best());
    clients(open, asked.clients, move |(order, state)| {
        let (pool, utils) = (pool.clone(), utils.clone());
        async move {
            for to in steps_from(&state) {
                let step = Step { order, to: (*to).to_owned() };
                if best { in_one(&pool, &utils, step).await? } else { in_two(&pool, &utils, step).await? }
            }
            Ok(())
        }
    })
    .await?;
    let note = if best { "the job is added in the step's transaction" } else { "the job is added after the step, on the pool" };
    Ok((best, note.into()))
}

async fn in_one(pool: &PgPool, utils: &WorkerUtils, step: Step) -> Result<(), Failure> {
    let mut tx = pool.begin().await?;
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(&mut *tx).await?;
    utils.clone().with_executor(&mut tx).add_raw_job(TOLD, step, JobSpec::default()).await?;
    Ok(tx.commit().await?)
}

async fn in_two(pool: &PgPool, utils: &WorkerUtils, step: Step) -> Result<(), Failure> {
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(pool).await?;
    utils.add_raw_job(TOLD, step, JobSpec::default()).await?;
    Ok(())
}
