//! The workflow, and how it is started, queued and recovered.

use durare::{DurableContext, DurableEngine, Error, PostgresProvider, Tx, WorkflowOptions, WorkflowQueue, params};
use peer_shared::{Failure, sql, steps_from};
use sqlx::postgres::{PgPool, PgPoolOptions};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use uuid::Uuid;

const QUEUE: &str = "orders";

/// For a tuned engine: workflows that run at once, and connections for them.
const WORKERS: usize = 64;
const CONNECTIONS: u32 = 24;

/// A transaction of the library binds text, and no uuid. The tables are named with their schema, because the library's migration
/// leaves its own search path on one connection of a pool that it was given.
const STEP: &str = "\
WITH moved AS (UPDATE public.orders SET state = ? WHERE id = CAST(? AS uuid))
UPDATE public.ledger SET steps = steps + 1, last = ? WHERE order_id = CAST(? AS uuid)";

/// What a workflow needs and its record must not hold is in a global, as the library's example of dependencies has it.
static MEANS: OnceLock<Means> = OnceLock::new();

struct Means {
    pool: PgPool,
    /// Whether a step's record is in its transaction.
    together: bool,
}

fn means() -> durare::Result<&'static Means> {
    MEANS.get().ok_or_else(|| Error::app("no shop is open"))
}

#[durare::workflow]
async fn bring(ctx: DurableContext, id: String) -> durare::Result<()> {
    for state in steps_from("placed") {
        match means()?.together {
            true => done_together(&ctx, id.clone(), (*state).into()).await?,
            false => done(&ctx, id.clone(), (*state).into()).await?,
        }
    }
    Ok(())
}

#[durare::step]
async fn done(ctx: &DurableContext, id: String, state: String) -> durare::Result<()> {
    let id = Uuid::parse_str(&id).map_err(|fault| Error::app(fault.to_string()))?;
    sqlx::query(sql::STEP).bind(id).bind(state).execute(&means()?.pool).await?;
    Ok(())
}

#[durare::transaction]
async fn done_together(ctx: &DurableContext, tx: &mut Tx<'_>, id: String, state: String) -> durare::Result<()> {
    tx.execute(STEP, &params![state.clone(), id.clone(), state, id]).await?;
    Ok(())
}

#[derive(Clone)]
pub struct Shop {
    engine: Arc<DurableEngine>,
}

impl Shop {
    /// By default the engine has a pool as the library makes it, and the steps one as sqlx makes it. A tuned engine has one for all.
    pub async fn open(url: &str, best: bool) -> Result<Self, Failure> {
        let (pool, mut engine) = match best {
            true => {
                let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect(url).await?;
                let provider = PostgresProvider::from_pool_with_schema(pool.clone(), "dbos")?;
                (pool, DurableEngine::builder(Arc::new(provider)))
            }
            false => (PgPool::connect(url).await?, DurableEngine::connect(url).await?),
        };
        engine.register_queue(queue(best));
        let engine = Arc::new(engine.build().await?);
        MEANS.set(Means { pool, together: best }).map_err(|_| "a shop is open already")?;
        Ok(Self { engine })
    }

    /// What a killed process left: it goes on where it stood.
    pub async fn recover(&self) -> Result<(), Failure> {
        self.engine.recover().await?;
        Ok(())
    }

    pub async fn enqueue(&self, id: Uuid) -> Result<(), Failure> {
        self.engine.start_with(Bring, id.to_string(), WorkflowOptions::with_id(format!("queued-{id}")).queue(QUEUE)).await?;
        Ok(())
    }

    /// A caller's order, from the start of its workflow to the result. One that is there already is waited for.
    pub async fn bring(&self, id: Uuid) -> Result<(), Failure> {
        let brought = self.engine.start_with(Bring, id.to_string(), WorkflowOptions::with_id(format!("called-{id}"))).await?;
        Ok(brought.await?)
    }

    pub async fn work(&self) -> Result<(), Failure> {
        Ok(self.engine.launch().await?)
    }

    pub async fn stop(&self) -> Result<(), Failure> {
        Ok(self.engine.shutdown(Duration::from_secs(5)).await?)
    }
}

fn queue(best: bool) -> WorkflowQueue {
    match best {
        true => WorkflowQueue::new(QUEUE).worker_concurrency(WORKERS).base_polling_interval(Duration::from_millis(20)),
        false => WorkflowQueue::new(QUEUE),
    }
}
