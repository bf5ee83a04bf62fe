//! The database stays away: what cannot be learnt is `Unknown`, with the key to ask again.

use super::bank::parcel;
use super::bank::{Account, Bank, account::event};
use super::world::{World, until};
use uuid::Uuid;
use workflow_runtime::{CommitError, Error};

async fn came_true(world: &World, id: Uuid) {
    until("it took effect", async || world.stored(id).await.version == 2).await;
}

#[tokio::test]
async fn a_commit_that_cannot_be_asked_about_is_unknown_and_its_outcome_can_be_learnt_later() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.mute())).await;
    let id = world.account().await;
    let fired = tokio::spawn({
        let bank = bank.clone();
        async move { bank.fire(id, event::Post).await }
    });
    came_true(&world, id).await;
    proxy.refuse(true);
    proxy.cut();
    let Err(Error::Unknown { key, .. }) = fired.await.unwrap() else { panic!("it is told to be known") };

    proxy.refuse(false);
    assert!(bank.outcome::<Account>(id, key).await.unwrap());
}

#[tokio::test]
async fn a_commit_that_never_arrived_and_cannot_be_asked_about_is_unknown_too() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.hold())).await;
    let id = world.account().await;
    let fired = tokio::spawn({
        let bank = bank.clone();
        async move { bank.fire(id, event::Post).await }
    });
    proxy.kept().await;
    proxy.refuse(true);
    proxy.lose();
    proxy.cut();
    let error = fired.await.unwrap().unwrap_err();
    assert!(!error.is_retryable(), "firing again could do it twice");
    let Error::Unknown { key, .. } = error else { panic!("{error}") };

    proxy.refuse(false);
    assert!(!bank.outcome::<Account>(id, key).await.unwrap());
}

#[tokio::test]
async fn commit_of_ones_own_transaction_gives_the_key_of_its_first_transition() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    let id = world.account().await;
    let mut tx = bank.begin().await.unwrap();
    tx.fire(id, event::Touch).await.unwrap();
    proxy.mute();
    let committed = tokio::spawn(tx.commit());
    came_true(&world, id).await;
    proxy.refuse(true);
    proxy.cut();
    let Err(CommitError::Unknown { key: Some(key), .. }) = committed.await.unwrap() else { panic!("it is told to be known") };

    proxy.refuse(false);
    assert!(bank.outcome::<Account>(id, key).await.unwrap());
}

#[tokio::test]
async fn a_creation_with_an_effect_that_cannot_be_asked_about_is_unknown() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.mute())).await;
    let created = tokio::spawn(async move { bank.create(parcel::New { id: Uuid::new_v4() }).await });
    until("it is there", async || world.count("SELECT count(*) FROM parcels").await == 1).await;
    proxy.refuse(true);
    proxy.cut();
    let told = created.await.unwrap();
    assert!(matches!(told, Err(Error::Unknown { .. })), "{told:?}");
}
