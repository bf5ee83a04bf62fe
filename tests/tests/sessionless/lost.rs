//! The answer to the COMMIT around a single statement is lost, or comes late.

use crate::runtime::bank::{Bank, account, account::event};
use crate::runtime::world::{World, until};
use sqlx::Connection;
use tokio::task::JoinHandle;
use uuid::Uuid;
use workflow_runtime::{Created, Runtime};
use workflow_testing::Proxy;

/// Keeps the COMMIT of what `moves` does, which meets what others have in hand until then.
async fn commit_kept<T: Send + 'static>(
    world: &World,
    proxy: &Proxy,
    in_hand: String,
    moves: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<T> {
    let mut others = world.admin.acquire().await.unwrap();
    let mut lock = others.begin().await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(in_hand)).execute(&mut *lock).await.unwrap();
    let moved = tokio::spawn(moves);
    world.waiting(1).await;
    proxy.hold();
    lock.rollback().await.unwrap();
    proxy.kept().await;
    moved
}

fn row(id: Uuid) -> String {
    format!("SELECT FROM accounts WHERE id = '{id}' FOR UPDATE")
}

async fn world() -> (World, Proxy, Runtime<Bank>, Uuid) {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    let id = world.account().await;
    (world, proxy, bank, id)
}

#[tokio::test]
async fn an_event_whose_commit_is_still_on_its_way_takes_effect_once() {
    let (world, proxy, bank, id) = world().await;
    let moved = commit_kept(&world, &proxy, row(id), async move { bank.fire(id, event::Touch).await }).await;
    proxy.cut();
    world.waiting(1).await;
    proxy.deliver();
    assert_eq!(moved.await.unwrap().unwrap().version(), 2);
    assert_eq!(world.stored(id).await.version, 2);
}

#[tokio::test]
async fn many_whose_commit_was_carried_out_and_not_answered_are_known_to_have_been_moved() {
    let (world, proxy, bank, id) = world().await;
    let ids = [world.account().await, id];
    let moved = commit_kept(&world, &proxy, row(id), async move { bank.fire_all(ids, event::Touch).await }).await;
    proxy.mute();
    proxy.deliver();
    until("it took effect", async || world.stored(id).await.version == 2).await;
    proxy.cut();
    let moved = moved.await.unwrap().unwrap();
    assert!(moved.iter().all(|(_, outcome)| outcome.as_ref().is_ok_and(|to| to.version() == 2)), "{moved:?}");
}

#[tokio::test]
async fn many_whose_commit_is_still_on_its_way_are_moved_once() {
    let (world, proxy, bank, id) = world().await;
    let ids = [world.account().await, id];
    let moved = commit_kept(&world, &proxy, row(id), async move { bank.fire_all(ids, event::Touch).await }).await;
    proxy.cut();
    world.waiting(1).await;
    proxy.deliver();
    let moved = moved.await.unwrap().unwrap();
    assert!(moved.iter().all(|(_, outcome)| outcome.as_ref().is_ok_and(|to| to.version() == 2)), "{moved:?}");
    assert_eq!((world.stored(ids[0]).await.version, world.stored(id).await.version), (2, 2));
}

#[tokio::test]
async fn a_creation_that_was_not_answered_is_new_all_the_same() {
    let (world, proxy, bank, _) = world().await;
    let id = Uuid::new_v4();
    let same = format!("INSERT INTO accounts (id, balance) VALUES ('{id}', 1)");
    let created = async move { bank.create(account::New { id, balance: 7 }).await };
    let created = commit_kept(&world, &proxy, same, created).await;
    proxy.mute();
    proxy.deliver();
    until("it is there", async || world.count("SELECT count(*) FROM accounts").await == 2).await;
    proxy.cut();
    assert!(matches!(created.await.unwrap(), Ok(Created::New(_))));
    assert_eq!(world.stored(id).await.version, 1);
}
