//! Time, moved for the rows of a database.

use sqlx::postgres::PgPool;
use std::time::Duration;

/// Lets this time pass, for everything that the database's workflows have stored: timers, leases, pauses and schedules, how long
/// instances are in their states, and when history says that things happened. Nobody waits, and no clock is touched: what is stored
/// is moved into the past, in one transaction.
///
/// Moved are all columns of the type `timestamptz` in the tables of workflows and beside them, so an `at` timer's own field too. Not
/// moved are your other tables, dates without a time, and times inside of JSON. A day is 24 hours.
///
/// ```no_run
/// # use workflow_runtime::{Runtime, Worker, workflow};
/// # use uuid::Uuid;
/// # workflow! {
/// #     pub workflow Trial in trials {
/// #         id: Uuid,
/// #         states { initial Running, final Ended }
/// #         transitions { end: Running -> Ended after 30 days }
/// #     }
/// # }
/// # async fn test(app: Runtime<()>) -> Result<(), Box<dyn std::error::Error>> {
/// let trial = app.create(trial::New { id: Uuid::new_v4() }).await?;
/// workflow_testing::advance(app.pool(), std::time::Duration::from_secs(30 * 24 * 3600)).await?;
/// Worker::new(app).serving::<Trial>().until_idle().await?;
/// // It has ended.
/// # Ok(())
/// # }
/// # fn main() {}
/// ```
///
/// # Errors
///
/// When the role is no superuser, since guards and history's own trigger must not see it, or a row does not fit its constraints
/// any more. Nothing was written.
pub async fn advance(pool: &PgPool, by: Duration) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::raw_sql("SET LOCAL session_replication_role = replica").execute(&mut *transaction).await?;
    let statements: Vec<String> = sqlx::query_scalar(include_str!("sql/advance.sql"))
        .bind(i64::try_from(by.as_micros()).unwrap_or(i64::MAX))
        .fetch_all(&mut *transaction)
        .await?;
    for statement in statements {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}
