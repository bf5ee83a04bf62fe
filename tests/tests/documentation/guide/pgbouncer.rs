//! Behind PgBouncer. It is compiled and not run, since names would be off for all tests of this process; `tests/pooled.rs` does
//! the same.

use super::Done;
use ::order::shop::Shop;
use ::order::workflow::Order;
use sqlx::PgConnection;
use uuid::Uuid;
use workflow_runtime::{Runtime, Settings, Worker, WorkerSettings};

#[expect(dead_code, reason = "only its types matter")]
async fn work(pooled_url: &str, direct_url: &str, stopped: impl Future<Output = ()>) -> Done {
    let mut settings = Settings::default();
    settings.named_statements = false;
    let shop = Runtime::connect_with(pooled_url, Shop::default(), settings).await?;

    let mut settings = WorkerSettings::default();
    settings.direct_url = Some(direct_url.to_owned());
    Worker::with(shop, settings).serving::<Order>().run(stopped).await;
    Ok(())
}

#[expect(dead_code, reason = "only its types matter")]
async fn note(tx: &mut PgConnection, order: Uuid, note: &str) -> Done {
    let insert = sqlx::query("INSERT INTO notes VALUES ($1, $2)").bind(order).bind(note);
    insert.persistent(false).execute(&mut *tx).await?;
    Ok(())
}
