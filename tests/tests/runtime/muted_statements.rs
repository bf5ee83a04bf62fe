//! The answer to a statement that commits by itself is lost, though the statement was carried out.

use super::bank::{Account, Bank, account, account::event};
use super::world::{World, idle, until};
use uuid::Uuid;
use workflow_runtime::{Created, Error};

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_new_all_the_same() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    bank.create(account::New { id: Uuid::new_v4(), balance: 0 }).await.unwrap();
    idle(bank.pool()).await;
    let id = Uuid::new_v4();
    proxy.mute();
    let created = tokio::spawn(async move { bank.create(account::New { id, balance: 7 }).await });
    until("it is there", async || world.count("SELECT count(*) FROM accounts WHERE balance = 7").await == 1).await;
    proxy.cut();
    assert!(matches!(created.await.unwrap(), Ok(Created::New(_))));
}

#[tokio::test]
async fn a_single_statement_that_cannot_be_sent_again_is_unknown() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    bank.fire(world.account().await, event::Touch).await.unwrap();
    idle(bank.pool()).await;
    let id = world.account().await;
    proxy.mute();
    let fired = tokio::spawn({
        let bank = bank.clone();
        async move { bank.fire(id, event::Touch).await }
    });
    until("it took effect", async || world.stored(id).await.version == 2).await;
    proxy.refuse(true);
    proxy.cut();
    let Err(Error::Unknown { key, .. }) = fired.await.unwrap() else { panic!("it is told to be known") };

    proxy.refuse(false);
    assert!(bank.outcome::<Account>(id, key).await.unwrap());
}

#[tokio::test]
async fn a_creation_that_cannot_be_sent_again_is_unknown() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    bank.create(account::New { id: Uuid::new_v4(), balance: 0 }).await.unwrap();
    idle(bank.pool()).await;
    proxy.mute();
    let created = tokio::spawn(async move { bank.create(account::New { id: Uuid::new_v4(), balance: 7 }).await });
    until("it is there", async || world.count("SELECT count(*) FROM accounts WHERE balance = 7").await == 1).await;
    proxy.refuse(true);
    proxy.cut();
    let told = created.await.unwrap();
    assert!(matches!(told, Err(Error::Unknown { .. })), "{told:?}");
}
