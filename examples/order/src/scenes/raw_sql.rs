//! Raw SQL tries an illegal step, then a legal one that would forget the stock.

use super::{Failure, expect, title};
use crate::stage::Stage;
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgDatabaseError;
use uuid::Uuid;

pub(crate) async fn play(stage: &Stage) -> Result<(), Failure> {
    title(3, "Raw SQL, as from psql or another language: the database itself refuses.");
    let order = stage.place("tea", 1).await?;
    println!("   An illegal step:");
    refused(stage, "WF001", &step("delivered", "deliver", "", order.id)).await?;
    println!("   A legal one, that would forget the stock:");
    refused(stage, "WF005", &step("reserved", "reserve", ", warehouse = 'Berlin'", order.id)).await?;
    println!("   And history is not for editing:");
    refused(stage, "WF003", "UPDATE orders_history SET actor = 'nobody'").await?;
    expect(stage.load(order.id).await?.version() == 1, "the order was not moved")
}

fn step(state: &str, event: &str, more: &str, id: Uuid) -> String {
    format!(
        "UPDATE orders SET state = '{state}', event = '{event}', version = version + 1, entered_at = now(){more} WHERE id = '{id}'"
    )
}

async fn refused(stage: &Stage, code: &str, sql: &str) -> Result<(), Failure> {
    println!("      => {sql};");
    let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(stage.pool()).await else {
        return Err(format!("MISMATCH: the database took it: {sql}").into());
    };
    let said = error.as_database_error().and_then(|e| e.try_downcast_ref::<PgDatabaseError>());
    let Some(said) = said else { return Err(error.into()) };
    println!("      ERROR {}: {}", said.code(), said.message());
    for (what, text) in [("DETAIL", said.detail()), ("HINT", said.hint())] {
        if let Some(text) = text {
            println!("      {what}: {text}");
        }
    }
    expect(said.code() == code, &format!("it is refused with {code}"))
}
