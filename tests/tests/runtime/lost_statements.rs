//! The answer to a statement that commits by itself is lost.
//!
//! It may have been carried out, or be on its way for as long as it likes. Only looking comes too early; so it is sent again
//! under its key, and whoever comes second finds the key done.

use super::bank::{Account, Bank, account, account::event};
use super::world::{World, idle, until};
use tokio::task::JoinHandle;
use uuid::Uuid;
use workflow_runtime::{Error, Fired, Runtime};
use workflow_testing::Proxy;

type Touched = Result<Account<account::Open>, Error<Account>>;

/// A connection on which the statement is prepared, so that it is sent as one burst.
async fn warm(world: &World) -> (Proxy, Runtime<Bank>, Uuid) {
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    bank.fire(world.account().await, event::Touch).await.unwrap();
    bank.fire_all([world.account().await], event::Touch).await.unwrap();
    idle(bank.pool()).await;
    (proxy, bank, world.account().await)
}

fn touch(bank: &Runtime<Bank>, id: Uuid) -> JoinHandle<Touched> {
    let bank = bank.clone();
    tokio::spawn(async move { bank.fire(id, event::Touch).await })
}

#[tokio::test]
async fn a_statement_that_is_delivered_late_takes_effect_once() {
    let world = World::new().await;
    let (proxy, bank, id) = warm(&world).await;
    proxy.hold();
    let touched = touch(&bank, id);
    proxy.kept().await;
    proxy.cut();
    assert_eq!(touched.await.unwrap().unwrap().version(), 2);

    proxy.deliver();
    proxy.gone().await;
    assert_eq!(world.stored(id).await.version, 2);
}

#[tokio::test]
async fn a_statement_whose_answer_is_lost_is_known_to_have_taken_effect() {
    let world = World::new().await;
    let (proxy, bank, id) = warm(&world).await;
    proxy.mute();
    let touched = touch(&bank, id);
    until("it took effect", async || world.stored(id).await.version == 2).await;
    proxy.cut();
    assert_eq!(touched.await.unwrap().unwrap().version(), 2);
    assert_eq!(world.stored(id).await.version, 2);
}

#[tokio::test]
async fn what_was_made_is_told_as_it_was_though_others_have_moved_it_since() {
    let world = World::new().await;
    let (proxy, bank, id) = warm(&world).await;
    proxy.mute();
    let touched = touch(&bank, id);
    until("it took effect", async || world.stored(id).await.version == 2).await;
    world.bank(Bank::default()).await.fire(id, event::Hold { by: "court".into() }).await.unwrap();
    proxy.cut();
    assert_eq!(touched.await.unwrap().unwrap().version(), 2);
    assert_eq!(world.stored(id).await.version, 3);
}

#[tokio::test]
async fn a_statement_that_was_refused_in_the_end_can_do_nothing_when_it_is_delivered_late() {
    let world = World::new().await;
    let (proxy, bank, id) = warm(&world).await;
    let others = world.bank(Bank::default()).await;
    proxy.hold();
    let touched = touch(&bank, id);
    proxy.kept().await;
    others.fire(id, event::Hold { by: "court".into() }).await.unwrap();
    proxy.cut();
    let refused = touched.await.unwrap();
    assert!(matches!(&refused, Err(Error::Conflict { by: Some(by), .. }) if by.event == "hold"), "{refused:?}");

    others.fire(id, event::Free).await.unwrap();
    proxy.deliver();
    proxy.gone().await;
    assert_eq!(world.stored(id).await.version, 3, "it was told to be refused, and yet it took effect");
}

#[tokio::test]
async fn a_shared_key_stays_usable_when_its_statement_was_lost_and_refused() {
    let world = World::new().await;
    let (proxy, bank, id) = warm(&world).await;
    let others = world.bank(Bank::default()).await;
    bank.once("a").fire(id, event::Touch).await.unwrap();
    idle(bank.pool()).await;
    proxy.hold();
    let once = bank.once("b");
    let lost = tokio::spawn(async move { once.fire(id, event::Touch).await });
    proxy.kept().await;
    others.fire(id, event::Hold { by: "court".into() }).await.unwrap();
    proxy.cut();
    assert!(matches!(lost.await.unwrap(), Err(Error::Unknown { .. })), "it may still take effect");

    others.fire(id, event::Free).await.unwrap();
    proxy.deliver();
    proxy.gone().await;
    assert!(matches!(bank.once("b").fire(id, event::Touch).await, Ok(Fired::Before(step)) if step.version == 5));
}

#[tokio::test]
async fn many_are_moved_once_each_when_the_statement_is_delivered_late() {
    let world = World::new().await;
    let (proxy, bank, id) = warm(&world).await;
    let ids = [id, world.account().await];
    proxy.hold();
    let touched = tokio::spawn(async move { bank.fire_all(ids, event::Touch).await });
    proxy.kept().await;
    proxy.cut();
    let touched = touched.await.unwrap().unwrap();
    assert!(touched.iter().all(|(_, outcome)| outcome.is_ok()), "{touched:?}");

    proxy.deliver();
    proxy.gone().await;
    assert_eq!((world.stored(ids[0]).await.version, world.stored(ids[1]).await.version), (2, 2));
}

#[tokio::test]
async fn of_many_those_that_were_refused_in_the_end_stay_as_they_are_when_the_statement_is_delivered_late() {
    let world = World::new().await;
    let (proxy, bank, id) = warm(&world).await;
    let others = world.bank(Bank::default()).await;
    let ids = [id, world.account().await];
    proxy.hold();
    let touched = tokio::spawn(async move { bank.fire_all(ids, event::Touch).await });
    proxy.kept().await;
    let _ = others.fire(ids[1], event::Hold { by: "court".into() }).await.unwrap();
    proxy.cut();
    let touched = touched.await.unwrap().unwrap();
    assert!(touched[0].1.is_ok() && matches!(&touched[1].1, Err(Error::Conflict { .. })), "{touched:?}");

    let _ = others.fire(ids[1], event::Free).await.unwrap();
    proxy.deliver();
    proxy.gone().await;
    assert_eq!((world.stored(ids[0]).await.version, world.stored(ids[1]).await.version), (2, 3));
}

#[tokio::test]
async fn many_are_known_to_have_been_moved_when_the_answer_is_lost() {
    let world = World::new().await;
    let (proxy, bank, id) = warm(&world).await;
    let ids = [id, world.account().await];
    proxy.mute();
    let touched = tokio::spawn(async move { bank.fire_all(ids, event::Touch).await });
    until("it took effect", async || world.stored(ids[1]).await.version == 2).await;
    proxy.cut();
    let touched = touched.await.unwrap().unwrap();
    assert!(touched.iter().all(|(_, outcome)| outcome.as_ref().is_ok_and(|a| a.version() == 2)), "{touched:?}");
    assert_eq!((world.stored(ids[0]).await.version, world.stored(ids[1]).await.version), (2, 2));
}
