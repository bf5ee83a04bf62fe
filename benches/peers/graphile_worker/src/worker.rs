//! A worker whose jobs are the steps: each adds the next one.

use crate::{SCHEMA, Step};
use graphile_worker::{
    IntoTaskHandlerResult, JobSpec, LocalQueueConfig, TaskHandler, WorkerContext, WorkerContextExt, WorkerOptions,
    WorkerRecoveryConfig, WorkerUtils,
};
use peer_shared::{Asked, Failure, end, sql, steps_from};
use sqlx::PgPool;
use std::time::Duration;
use uuid::Uuid;

const DEFAULT: &str = "\
step, next job and completion are three transactions, as the README shows them; without a local queue \
each job waits for a signal; jobs of a killed worker are locked for 4 hours";
const BEST: &str = "\
the next job is added in the step's transaction, but the worker completes the job later, with others; what a killed worker had \
locked is taken over by a sweep";

/// What a job needs besides its order.
#[derive(Debug, Clone)]
struct Shop {
    pool: PgPool,
    best: bool,
}

impl TaskHandler for Step {
    const IDENTIFIER: &'static str = "step";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        moved(self, &context).await.map_err(|failure| failure.to_string())
    }
}

pub(crate) async fn add_all(pool: &PgPool, utils: &WorkerUtils) -> Result<(), Failure> {
    let orders: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM orders ORDER BY id").fetch_all(pool).await?;
    let spec = JobSpec::default();
    let first = |&order: &Uuid| (Step { order, to: "reserved".into() }, &spec);
    for some in orders.chunks(1_000) {
        utils.add_jobs(&some.iter().map(first).collect::<Vec<_>>()).await?;
    }
    Ok(())
}

pub(crate) async fn run(asked: &Asked, pool: &PgPool) -> Result<(bool, String), Failure> {
    let shop = Shop { pool: pool.clone(), best: asked.is_best() };
    let options = WorkerOptions::default().schema(SCHEMA).pg_pool(pool.clone()).define_job::<Step>().add_extension(shop);
    let options = if asked.is_best() { best(options) } else { options.concurrency(5) };
    let worker = options.listen_os_shutdown_signals(false).init().await?;
    let note = if asked.is_best() { BEST } else { DEFAULT };
    tokio::select! {
        ended = end(|| progress(pool.clone())) => Ok((false, ended?.noted(note))),
        ended = worker.run() => Err(ended.err().map_or("the worker ended".into(), Failure::from)),
    }
}

/// As its guide has it for throughput; and what a killed worker had locked is looked for soon.
fn best(options: WorkerOptions) -> WorkerOptions {
    let recovery = WorkerRecoveryConfig::default()
        .heartbeat_interval(Duration::from_secs(1))
        .sweep_interval(Duration::from_secs(2))
        .sweep_threshold(Duration::from_secs(5))
        .recovery_delay(Duration::ZERO);
    options
        .concurrency(16)
        .complete_job_batch_delay(Duration::from_millis(5))
        .local_queue(LocalQueueConfig::default().with_size(100))
        .worker_recovery(recovery)
}

async fn progress(pool: PgPool) -> Result<(i64, i64), Failure> {
    Ok(sqlx::query_as(sql::PROGRESS).fetch_one(&pool).await?)
}

async fn moved(step: Step, context: &WorkerContext) -> Result<(), Failure> {
    let shop = context.get_ext::<Shop>().ok_or("the shop is not there")?;
    if shop.best { in_one(&shop.pool, context, &step).await } else { one_by_one(&shop.pool, context, &step).await }
}

async fn one_by_one(pool: &PgPool, context: &WorkerContext, step: &Step) -> Result<(), Failure> {
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(pool).await?;
    if let Some(next) = after(step) {
        context.add_job(next, JobSpec::default()).await?;
    }
    Ok(())
}

async fn in_one(pool: &PgPool, context: &WorkerContext, step: &Step) -> Result<(), Failure> {
    let mut tx = pool.begin().await?;
    sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(&mut *tx).await?;
    if let Some(next) = after(step) {
        context.utils().with_executor(&mut tx).add_job(next, JobSpec::default()).await?;
    }
    Ok(tx.commit().await?)
}

fn after(step: &Step) -> Option<Step> {
    let to = steps_from(&step.to).first()?;
    Some(Step { order: step.order, to: (*to).to_owned() })
}
