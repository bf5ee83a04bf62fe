//! A runner, whose jobs are the steps: each spawns the next one.

use crate::Step;
use peer_shared::{Asked, Failure, end, sql, steps_from};
use sqlx::PgPool;
use sqlxmq::{CurrentJob, JobBuilder, JobRegistry, job};
use std::time::Duration;
use uuid::Uuid;

const STEPS: &str = "steps";

pub(crate) async fn enqueue_all(pool: &PgPool) -> Result<(), Failure> {
    let orders: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM orders ORDER BY id").fetch_all(pool).await?;
    let mut tx = pool.begin().await?;
    for order in orders {
        builder(&Step { order, to: "reserved".into() })?.spawn(&mut *tx).await?;
    }
    Ok(tx.commit().await?)
}

fn builder(step: &Step) -> Result<JobBuilder<'static>, Failure> {
    let mut builder = JobBuilder::new("step");
    builder.set_channel_name(STEPS).set_json(step)?;
    Ok(builder)
}

/// What a job needs to know besides its order.
#[derive(Debug, Clone, Copy)]
struct Best(bool);

pub(crate) async fn run(asked: &Asked, pool: &PgPool) -> Result<String, Failure> {
    let mut registry = JobRegistry::new(&[make_step]);
    registry.set_context(Best(asked.is_best()));
    let mut options = registry.runner(pool);
    if asked.is_best() {
        options.set_concurrency(24, 96);
    }
    let mut runner = options.set_channel_names(&[STEPS]).run().await?;
    let ended = end(|| progress(pool.clone())).await?;
    // Completing the last job comes after its step.
    runner.wait_jobs_finish(Duration::from_secs(5)).await;
    runner.stop().await;
    Ok(ended.noted(if asked.is_best() {
        "the job is completed, and the next one spawned, in the step's transaction"
    } else {
        "step, next job and completion are three transactions, as the README shows them"
    }))
}

async fn progress(pool: PgPool) -> Result<(i64, i64), Failure> {
    Ok(sqlx::query_as(sql::PROGRESS).fetch_one(&pool).await?)
}

#[job(name = "step", channel_name = "steps")]
async fn make_step(current: CurrentJob, best: Best) -> Result<(), Failure> {
    let step: Step = current.json()?.ok_or("a job without a step")?;
    if best.0 { in_one(current, &step).await } else { one_by_one(current, &step).await }
}

async fn one_by_one(mut current: CurrentJob, step: &Step) -> Result<(), Failure> {
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(current.pool()).await?;
    if let Some(next) = after(step) {
        builder(&next)?.spawn(current.pool()).await?;
    }
    Ok(current.complete().await?)
}

async fn in_one(mut current: CurrentJob, step: &Step) -> Result<(), Failure> {
    let mut tx = current.pool().begin().await?;
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(&mut *tx).await?;
    if let Some(next) = after(step) {
        builder(&next)?.spawn(&mut *tx).await?;
    }
    Ok(current.complete_with_transaction(tx).await?)
}

fn after(step: &Step) -> Option<Step> {
    let to = steps_from(&step.to).first()?;
    Some(Step { order: step.order, to: (*to).to_owned() })
}
