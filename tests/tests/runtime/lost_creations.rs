//! The answer to a creation is lost. It is sent again; the key of the instance keeps it to one.

use super::bank::{Bank, account, parcel};
use super::world::{World, idle, until};
use uuid::Uuid;
use workflow_runtime::Created;

async fn bookings(world: &World, id: Uuid) -> i64 {
    let count = sqlx::query_scalar("SELECT count(*) FROM bookings WHERE account = $1").bind(id);
    count.fetch_one(&world.admin).await.unwrap()
}

#[tokio::test]
async fn creating_the_same_again_gives_what_is_there() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let new = account::New { id: Uuid::new_v4(), balance: 1 };
    assert!(matches!(bank.create(new.clone()).await, Ok(Created::New(_))));
    let again = bank.create(account::New { balance: 2, ..new }).await.unwrap();
    assert!(matches!(again, Created::Existing(account) if account.balance == 1));
}

#[tokio::test]
async fn a_creation_that_is_delivered_late_happens_once() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    bank.create(account::New { id: Uuid::new_v4(), balance: 0 }).await.unwrap();
    idle(bank.pool()).await;
    let id = Uuid::new_v4();
    proxy.hold();
    let created = tokio::spawn(async move { bank.create(account::New { id, balance: 7 }).await });
    proxy.kept().await;
    proxy.cut();
    assert!(matches!(created.await.unwrap(), Ok(Created::New(_))));
    proxy.deliver();
    proxy.gone().await;
    assert_eq!(world.stored(id).await.version, 1);
}

#[tokio::test]
async fn a_creation_with_an_effect_counts_once_when_the_answer_to_commit_is_lost() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.mute())).await;
    let id = Uuid::new_v4();
    let created = tokio::spawn(async move { bank.create(parcel::New { id }).await });
    until("it is there", async || world.count("SELECT count(*) FROM parcels").await == 1).await;
    proxy.cut();
    assert!(matches!(created.await.unwrap(), Ok(Created::New(_))));
    assert_eq!(bookings(&world, id).await, 1);
}

#[tokio::test]
async fn a_creation_with_an_effect_waits_for_a_commit_that_is_still_on_its_way() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|proxy| Bank::at_the_end(move || proxy.hold())).await;
    let id = Uuid::new_v4();
    let created = tokio::spawn(async move { bank.create(parcel::New { id }).await });
    proxy.kept().await;
    proxy.cut();
    world.waiting(1).await;
    proxy.deliver();
    proxy.gone().await;
    assert!(matches!(created.await.unwrap(), Ok(Created::New(_))));
    assert_eq!(bookings(&world, id).await, 1);
}

#[tokio::test]
async fn commit_of_a_creation_waits_for_itself_when_it_is_still_on_its_way() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    let id = Uuid::new_v4();
    let mut tx = bank.begin().await.unwrap();
    assert!(matches!(tx.create(account::New { id, balance: 7 }).await, Ok(Created::New(_))));
    proxy.hold();
    let committed = tokio::spawn(tx.commit());
    proxy.kept().await;
    proxy.cut();
    world.waiting(1).await;
    proxy.deliver();
    proxy.gone().await;
    committed.await.unwrap().unwrap();
    assert_eq!(world.stored(id).await.version, 1);
}
