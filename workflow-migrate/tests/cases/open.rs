//! Transactions that are open while functions change under them: what they did with the old ones is not passed over.

use crate::phases::Phases;
use crate::rows::run;
use sqlx::{AssertSqlSafe, Postgres, Transaction};
use std::sync::Arc;

const PLACE: &str = "INSERT INTO orders (id, sku, quantity) VALUES ('00000000-0000-7000-8000-000000000001', 'a', 1)";

/// Whether a migration rests between two looks.
const WAITS: &str = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep' AND query LIKE '%DO %')";

/// Ends the transaction once the migration waits for it, or has passed it over.
async fn to_while_open(at: &Phases, version: i64, open: Transaction<'_, Postgres>) {
    let (migrator, pool) = (Arc::clone(&at.migrator), at.pool.clone());
    let migration = tokio::spawn(async move { migrator.run_to(version, &pool).await });
    while !migration.is_finished() && !at.ask::<bool>(WAITS).await {
        tokio::task::yield_now().await;
    }
    open.commit().await.unwrap();
    migration.await.unwrap().unwrap();
}

async fn step(open: &mut Transaction<'_, Postgres>, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **open).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_entered_with_the_old_functions_gets_the_activity_that_its_state_has_now() {
    let at = Phases::new("activity-added").await;
    run(&at.pool, PLACE).await;
    let mut open = at.pool.begin().await.unwrap();
    let reserve = "UPDATE orders SET state = 'reserved', event = 'reserve', version = 2, entered_at = now(), keyed = 2, warehouse = 'north'";
    step(&mut open, reserve).await;
    at.to(2000).await.unwrap();
    to_while_open(&at, 2001, open).await;
    let jobs: Vec<String> = at.ask("SELECT array_agg(kind || ' ' || job) FROM orders_jobs WHERE job = 'carry'").await;
    assert_eq!(jobs, ["activity carry"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_that_the_old_functions_made_is_renamed_too() {
    let at = Phases::new("event-renamed").await;
    let mut open = at.pool.begin().await.unwrap();
    step(&mut open, PLACE).await;
    at.to(2000).await.unwrap();
    to_while_open(&at, 2001, open).await;
    let jobs: Vec<String> = at.ask("SELECT array_agg(job) FROM orders_jobs").await;
    assert_eq!(jobs, ["lapse"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_entered_a_state_while_it_was_closed_moves_on_too() {
    let at = Phases::new("state-removed-with-values").await;
    at.to(2999).await.unwrap();
    run(&at.pool, PLACE).await;
    let mut open = at.pool.begin().await.unwrap();
    let hold = "UPDATE orders SET state = 'held', event = 'hold', version = 2, entered_at = now(), note = 'keep me'";
    step(&mut open, hold).await;
    at.to(3000).await.unwrap();
    to_while_open(&at, 3001, open).await;
    at.to(3999).await.unwrap();
    assert_eq!(at.ask::<String>("SELECT state FROM orders").await, "cancelled");
    assert_eq!(at.ask::<String>("SELECT data->>'note' FROM orders_history WHERE to_state = 'held'").await, "keep me");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_in_what_the_source_says_of_a_value_is_found_before_anybodys_write_meets_it() {
    let case = crate::folder::case("field-converted");
    let after = case.text("after.rs").replace("quantity * 1000", "quantitty * 1000");
    let at = Phases::between("faulty", "", &case.text("before.rs"), &after).await;
    let error = at.to(2000).await.unwrap_err().to_string();
    assert!(error.contains("quantitty"), "{error}");
    run(&at.pool, PLACE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_dropped_while_a_row_is_in_a_state_that_goes() {
    let at = Phases::new("state-removed-with-values").await;
    at.to(3001).await.unwrap();
    run(&at.pool, PLACE).await;
    run(&at.pool, "SET session_replication_role = replica; UPDATE orders SET state = 'held', note = 'keep me'; RESET session_replication_role").await;
    let error = at.to(3002).await.unwrap_err().to_string();
    assert!(error.contains("1 rows are still in a state that goes ('held')"), "{error}");
    assert_eq!(at.ask::<String>("SELECT note FROM orders").await, "keep me");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_phase_forgets_no_job_that_has_its_former_name() {
    let at = Phases::new("event-renamed").await;
    at.to(2999).await.unwrap();
    run(&at.pool, PLACE).await;
    run(&at.pool, "UPDATE orders_jobs SET job = 'expire'").await;
    let error = at.to(3999).await.unwrap_err().to_string();
    assert!(error.contains("1 of the timer expire"), "{error}");
}
