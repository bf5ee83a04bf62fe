//! The server is killed under a stream of transitions. What was acknowledged is there, once.

use super::bank::{Account, Bank, account::event};
use super::world::{World, until};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use uuid::Uuid;
use workflow_runtime::{Error, Runtime};
use workflow_testing::Server;

/// What one client was told.
#[derive(Debug, Default)]
struct Told {
    versions: Vec<i64>,
    unknown: i64,
}

/// Moves one account, with and without an effect, until it is told to stop.
async fn client(bank: Runtime<Bank>, id: Uuid, stop: Arc<AtomicBool>, done: Arc<AtomicUsize>) -> Told {
    let mut told = Told::default();
    while !stop.load(Ordering::SeqCst) {
        let fired = match told.versions.len() % 2 {
            0 => bank.fire(id, event::Touch).await,
            _ => bank.fire(id, event::Post).await,
        };
        match fired {
            Ok(account) => told.versions.push(account.version()),
            Err(Error::Unknown { .. }) => told.unknown += 1,
            Err(error) => assert!(error.is_retryable(), "{error:?}"),
        }
        done.fetch_add(1, Ordering::SeqCst);
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_once_after_the_server_was_killed() {
    let world = World::on(Server::private().await.unwrap()).await;
    let bank = world.bank(Bank::default()).await;
    let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut clients = Vec::new();
    for _ in 0..4 {
        let id = world.account().await;
        clients.push((id, tokio::spawn(client(bank.clone(), id, stop.clone(), done.clone()))));
    }
    for _ in 0..3 {
        let before = done.load(Ordering::SeqCst);
        until("they are at work", async || done.load(Ordering::SeqCst) > before + 100).await;
        world.server.kill().await.unwrap();
        world.server.restart().await.unwrap();
    }
    stop.store(true, Ordering::SeqCst);
    let mut acknowledged = 0;
    for (id, client) in clients {
        let told = client.await.unwrap();
        let rows: Vec<(i64,)> = sqlx::query_as("SELECT version FROM accounts_history WHERE id = $1 AND version > 1 ORDER BY 1")
            .bind(id)
            .fetch_all(&world.admin)
            .await
            .unwrap();
        let stored: Vec<i64> = rows.into_iter().map(|(version,)| version).collect();
        assert!(told.versions.is_sorted_by(|a, b| a < b), "one was acknowledged twice: {told:?}");
        assert!(told.versions.iter().all(|version| stored.contains(version)), "one is lost: {told:?} {stored:?}");
        let unacknowledged = (stored.len() - told.versions.len()) as i64;
        assert!(unacknowledged <= told.unknown, "{unacknowledged} took effect though they were told not to: {told:?}");
        acknowledged += told.versions.len();
        let world = &world;
        until("the pool is well", async || Account::load(&world.admin, id).await.is_ok()).await;
        world.stored(id).await;
    }
    assert!(acknowledged > 300, "{acknowledged} are too few to tell");
}
