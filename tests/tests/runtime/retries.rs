//! What passes is tried again, as a whole, and counts once.

use super::bank::account::{Closed, Live, Open, event};
use super::bank::{Account, Bank, account};
use super::world::{World, pool, short, until};
use sqlx::PgConnection;
use std::time::Duration;
use tokio::task::JoinSet;
use uuid::Uuid;
use workflow_runtime::{Created, Error, Runtime};

/// Fails so often as it is told to, in a way that passes. A sequence does not roll back, and so it can count.
const FAILS: &str = "
    CREATE SEQUENCE tries;
    CREATE FUNCTION fail(code text, times integer) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('tries') <= times THEN RAISE EXCEPTION USING ERRCODE = code, MESSAGE = 'a passing fault'; END IF;
    END $$;
    CREATE FUNCTION fail_at_first() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.balance = 40001 THEN PERFORM public.fail('40001', 3); END IF;
        IF NEW.balance = 55 THEN PERFORM public.fail('55P03', 3); END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER fail_at_first BEFORE INSERT OR UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION fail_at_first();";

async fn failing(careful: &'static str) -> (World, Runtime<Bank>) {
    let world = World::new().await;
    world.execute(FAILS).await;
    let pool = pool(&world.url(), 2).await;
    let bank = Runtime::with(pool, Bank { careful, ..Bank::default() }, short());
    (world, bank)
}

#[tokio::test]
async fn an_effect_that_meets_a_passing_fault_is_made_again_and_counts_once() {
    let effects = [
        "SELECT fail('40P01', 3)",
        "SELECT fail('40001', 3)",
        "SELECT fail('55P03', 3)",
        // Ended by the server while it was idle: the connection is lost, and COMMIT was not sent.
        "SELECT pg_terminate_backend(pg_backend_pid()) FROM nextval('tries') n WHERE n <= 3",
    ];
    for careful in effects {
        let (world, bank) = failing(careful).await;
        let id = world.account().await;
        assert_eq!(bank.fire(id, event::Post).await.unwrap().version(), 2, "{careful}");
        assert_eq!((world.stored(id).await.version, world.stored(id).await.bookings), (2, 1));
        assert_eq!(world.count("SELECT last_value FROM tries").await, 4);
    }
}

/// `#[error(transparent)]` hands on the source of the error that it wraps, and the wrapped one itself is not to be found.
#[derive(Debug, thiserror::Error)]
enum Plain {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[derive(Debug)]
struct PlainBank;

impl account::Effects for PlainBank {
    type Error = Plain;

    async fn book(&self, tx: &mut PgConnection, _: &Account<Open>, _: &Account<Open>, _: &event::Post) -> Result<(), Plain> {
        sqlx::raw_sql("SELECT fail('55P03', 3)").execute(tx).await?;
        Ok(())
    }

    async fn seal(&self, _: &mut PgConnection, _: &Live, _: &Account<Closed>, _: &event::Close) -> Result<(), Plain> {
        Ok(())
    }
}

#[tokio::test]
async fn a_passing_fault_is_seen_through_an_error_that_shows_itself_as_another() {
    let (world, _) = failing("").await;
    let bank = Runtime::with(pool(&world.url(), 2).await, PlainBank, short());
    let id = world.account().await;
    assert_eq!(bank.fire(id, event::Post).await.unwrap().version(), 2);
    assert_eq!(world.count("SELECT last_value FROM tries").await, 4);
    world.execute("ALTER SEQUENCE tries RESTART WITH -1000 MINVALUE -1000").await;
    let error = bank.fire(id, event::Post).await.unwrap_err();
    assert!(matches!(&error, Error::Rejected { event: "post", .. }) && error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn a_single_statement_that_meets_a_passing_fault_is_sent_again() {
    for balance in [40001, 55] {
        let (world, bank) = failing("").await;
        let id = world.account().await;
        assert_eq!(bank.fire(id, event::Deposit { balance }).await.unwrap().balance, balance);
        assert_eq!(world.count("SELECT last_value FROM tries").await, 4);
        assert_eq!(world.stored(id).await.version, 2);
    }
}

#[tokio::test]
async fn creations_and_events_for_many_are_sent_again_too() {
    let (world, bank) = failing("").await;
    let created = bank.create(account::New { id: Uuid::new_v4(), balance: 40001 }).await;
    assert!(matches!(created, Ok(Created::New(_))), "{created:?}");
    world.execute("ALTER SEQUENCE tries RESTART").await;
    let ids = [world.account().await, world.account().await];
    let moved = bank.fire_all(ids, event::Deposit { balance: 55 }).await.unwrap();
    assert!(moved.iter().all(|(_, outcome)| outcome.is_ok()));
}

#[tokio::test]
async fn when_the_attempts_run_out_the_last_fault_is_told_and_is_retryable() {
    let (world, bank) = failing("SELECT fail('40P01', 1000)").await;
    let id = world.account().await;
    let error = bank.fire(id, event::Post).await.unwrap_err();
    assert!(matches!(&error, Error::Rejected { event: "post", .. }) && error.is_retryable(), "{error:?}");
    assert_eq!(world.count("SELECT last_value FROM tries").await, 5);
    assert_eq!((world.stored(id).await.version, world.stored(id).await.bookings), (1, 0));
}

#[tokio::test]
async fn a_connection_that_the_server_closed_while_nobody_used_it_is_no_fault() {
    let world = World::new().await;
    world
        .execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET idle_session_timeout = 20', current_database()); END $$")
        .await;
    for effect in [false, true] {
        let id = world.account().await;
        let url = format!("{}&application_name=idler", world.url());
        let bank = Runtime::with(pool(&url, 1).await, Bank::default(), short());
        let idlers = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'idler'";
        until("the server has closed it", async || world.count(idlers).await == 0).await;
        let fired = if effect { bank.fire(id, event::Post).await } else { bank.fire(id, event::Touch).await };
        assert_eq!(fired.unwrap().version(), 2);
    }
}

#[tokio::test]
async fn a_lock_that_is_not_to_be_had_in_time_is_tried_for_again() {
    let world = World::new().await;
    for effect in [false, true] {
        let (id, bank) = (world.account().await, impatient(&world, 100).await);
        let others = world.bank(Bank::default()).await;
        let mut tx = others.begin().await.unwrap();
        let _ = tx.lock::<Account>(id).await.unwrap();
        let pool = bank.pool().clone();
        let fired =
            tokio::spawn(
                async move { if effect { bank.fire(id, event::Post).await } else { bank.fire(id, event::Touch).await } },
            );
        world.waiting(1).await;
        until("it gave up once", async || pool.num_idle() > 0).await;
        world.waiting(1).await;
        tx.rollback().await.unwrap();
        assert_eq!(fired.await.unwrap().unwrap().version(), 2);
        assert_eq!(world.stored(id).await.bookings, i64::from(effect));
    }
}

#[tokio::test]
async fn a_lock_that_is_never_to_be_had_is_a_retryable_error_and_nothing_is_written() {
    let world = World::new().await;
    let (id, bank) = (world.account().await, impatient(&world, 3).await);
    let mut tx = bank.begin().await.unwrap();
    let _ = tx.lock::<Account>(id).await.unwrap();
    for error in [bank.fire(id, event::Touch).await.unwrap_err(), bank.fire(id, event::Post).await.unwrap_err()] {
        assert!(matches!(&error, Error::Database(e) if code(e) == "55P03") && error.is_retryable(), "{error:?}");
    }
    tx.rollback().await.unwrap();
    assert_eq!(world.stored(id).await.version, 1);
}

#[tokio::test]
async fn serialization_failures_of_a_server_whose_default_isolation_was_raised_are_tried_again() {
    let world = World::new().await;
    world
        .execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$")
        .await;
    let mut settings = short();
    settings.attempts = 60;
    let bank = Runtime::with(pool(&world.url(), 6).await, Bank::default(), settings);
    let id = world.account().await;
    let mut calls = JoinSet::new();
    for call in 0..24 {
        let bank = bank.clone();
        calls.spawn(
            async move { if call % 4 == 0 { bank.fire(id, event::Post).await } else { bank.fire(id, event::Touch).await } },
        );
    }
    for outcome in calls.join_all().await {
        let _ = outcome.unwrap();
    }
    assert_eq!((world.stored(id).await.version, world.stored(id).await.bookings), (25, 6));
}

async fn impatient(world: &World, attempts: usize) -> Runtime<Bank> {
    let mut settings = short();
    (settings.attempts, settings.lock_timeout) = (attempts, Duration::from_millis(20));
    Runtime::with(pool(&world.url(), 2).await, Bank::default(), settings)
}

fn code(error: &sqlx::Error) -> String {
    error.as_database_error().and_then(|e| e.code()).unwrap_or_default().into_owned()
}
