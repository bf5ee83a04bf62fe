//! The answer to COMMIT is lost. The caller learns the truth all the same.
//!
//! Three things may have become of the COMMIT: it arrived, it never will, or it is still on its way while the runtime asks. A
//! look at history that does not wait for the row's lock comes too early in the third case.

use super::bank::{Account, Bank, account, account::event};
use super::world::{Stored, World, until};
use tokio::task::JoinHandle;
use uuid::Uuid;
use workflow_runtime::{CommitError, Error, Fired, Runtime};
use workflow_testing::Proxy;

fn once(bookings: i64) -> Stored {
    Stored { state: "open".into(), version: 1 + bookings, bookings }
}

fn fire(bank: &Runtime<Bank>, id: Uuid) -> JoinHandle<Result<Account<account::Open>, Error<Account>>> {
    let bank = bank.clone();
    tokio::spawn(async move { bank.fire(id, event::Post).await })
}

/// A step that is made; its transaction waits for COMMIT.
fn commit(bank: &Runtime<Bank>, id: Uuid) -> JoinHandle<Result<(), CommitError>> {
    let bank = bank.clone();
    tokio::spawn(async move {
        let mut tx = bank.begin().await?;
        let open = tx.lock::<Account<account::Open>>(id).await.expect("it is open");
        let _ = open.post(&mut tx).await.expect("it is posted");
        tx.commit().await
    })
}

async fn answer_lost(world: &World, proxy: &Proxy, id: Uuid) {
    until("COMMIT took effect", async || world.stored(id).await.version == 2).await;
    proxy.cut();
}

async fn never_delivered(proxy: &Proxy) {
    proxy.kept().await;
    proxy.lose();
    proxy.cut();
}

async fn delivered_while_the_runtime_asks(world: &World, proxy: &Proxy) {
    proxy.kept().await;
    proxy.cut();
    world.waiting(1).await;
    proxy.deliver();
    proxy.gone().await;
}

#[tokio::test]
async fn fire_succeeds_when_only_the_answer_to_commit_was_lost() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.mute())).await;
    let id = world.account().await;
    let fired = fire(&bank, id);
    answer_lost(&world, &proxy, id).await;
    assert_eq!(fired.await.unwrap().unwrap().version(), 2);
    assert_eq!(world.stored(id).await, once(1));
}

#[tokio::test]
async fn fire_is_made_again_when_commit_never_arrived() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.hold())).await;
    let id = world.account().await;
    let fired = fire(&bank, id);
    never_delivered(&proxy).await;
    assert_eq!(fired.await.unwrap().unwrap().version(), 2);
    assert_eq!(world.stored(id).await, once(1));
}

#[tokio::test]
async fn fire_waits_for_a_commit_that_is_still_on_its_way() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.hold())).await;
    let id = world.account().await;
    let fired = fire(&bank, id);
    delivered_while_the_runtime_asks(&world, &proxy).await;
    assert_eq!(fired.await.unwrap().unwrap().version(), 2);
    assert_eq!(world.stored(id).await, once(1));
}

#[tokio::test]
async fn commit_succeeds_when_only_its_answer_was_lost() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.mute())).await;
    let id = world.account().await;
    let committed = commit(&bank, id);
    answer_lost(&world, &proxy, id).await;
    committed.await.unwrap().unwrap();
    assert_eq!(world.stored(id).await, once(1));
}

#[tokio::test]
async fn commit_fails_when_it_never_arrived() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.hold())).await;
    let id = world.account().await;
    let committed = commit(&bank, id);
    never_delivered(&proxy).await;
    assert!(matches!(committed.await.unwrap(), Err(CommitError::Database(_))));
    assert_eq!(world.stored(id).await, once(0));
}

#[tokio::test]
async fn commit_waits_for_itself_when_it_is_still_on_its_way() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.hold())).await;
    let id = world.account().await;
    let committed = commit(&bank, id);
    delivered_while_the_runtime_asks(&world, &proxy).await;
    committed.await.unwrap().unwrap();
    assert_eq!(world.stored(id).await, once(1));
}

#[tokio::test]
async fn what_was_begun_and_lost_before_commit_is_made_again() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.cut())).await;
    let id = world.account().await;
    fire(&bank, id).await.unwrap().unwrap();
    proxy.gone().await;
    assert_eq!(world.stored(id).await, once(1));
}

#[tokio::test]
async fn a_key_that_another_has_used_meanwhile_is_not_taken_for_ones_own() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.hold())).await;
    let (id, other) = (world.account().await, world.bank(Bank::default()).await);
    let first = tokio::spawn(async move { bank.once("evt-42").fire(id, event::Post).await });
    proxy.kept().await;
    let second = tokio::spawn(async move { other.once("evt-42").fire(id, event::Post).await });
    world.waiting(1).await;
    proxy.lose();
    proxy.cut();
    assert!(matches!(second.await.unwrap(), Ok(Fired::Now(_))));
    assert!(matches!(first.await.unwrap(), Ok(Fired::Before(_))), "one of the two took effect now, and not both");
    assert_eq!(world.stored(id).await, once(1));
}
