//! What cannot be done without a session says so, and does nothing.

use crate::runtime::bank::{Account, Bank};
use crate::runtime::world::{World, pool};
use uuid::Uuid;
use workflow_apply::Cause;
use workflow_runtime::{Runtime, Settings};

#[tokio::test]
async fn a_connection_outside_of_a_transaction_is_refused_and_one_inside_is_asked() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let mut connection = bank.pool().acquire().await.unwrap();
    let error = Account::load(&mut connection, Uuid::new_v4()).await.unwrap_err();
    assert!(matches!(error, sqlx::Error::Configuration(_)) && error.to_string().contains("help: give the pool"), "{error}");

    let id = world.account().await;
    let mut theirs = bank.pool().begin().await.unwrap();
    assert_eq!(Account::load(&mut theirs, id).await.unwrap().expect("it is there").id, id);
    let mut tx = bank.begin().await.unwrap();
    assert_eq!(Account::find(&mut tx).all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn migrations_are_refused() {
    let world = World::new().await;
    let mut settings = Settings::default();
    settings.named_statements = false;
    let bank = Runtime::with(pool(&world.url(), 1).await, Bank::default(), settings);
    let error = bank.migrate(&sqlx::migrate::Migrator::DEFAULT).await.unwrap_err();
    assert!(matches!(error.cause, Cause::NoSession), "{error}");
    assert_eq!(world.count("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").await, 0);
}
