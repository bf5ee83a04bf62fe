//! Loading, locking and finding: what comes back is typed by the state it is in.

use super::bank::{Account, Bank, account, account::event};
use super::world::World;
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{Error, Runtime};

/// So many open accounts and one that is held, in the order of their keys.
async fn some(world: &World, bank: &Runtime<Bank>, open: usize) -> (Vec<Uuid>, Uuid) {
    let mut ids = Vec::new();
    for _ in 0..open {
        ids.push(world.account().await);
    }
    ids.sort();
    let held = world.account().await;
    let _ = bank.fire(held, event::Hold { by: "court".into() }).await.unwrap();
    (ids, held)
}

#[tokio::test]
async fn locking_in_another_state_tells_what_took_it_there() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let (_, held) = some(&world, &bank, 0).await;
    let mut tx = bank.begin().await.unwrap();
    let error = tx.lock::<Account<account::Open>>(held).await.unwrap_err();
    let Error::Conflict { event, actual, by: Some(by), stale } = &error else { panic!("{error:?}") };
    assert_eq!((*event, by.event.as_str(), *stale), ("lock", "hold", false));
    assert_eq!(actual.state, account::State::Held(account::Held { by: "court".into() }));
    assert_eq!(error.to_string(), format!("account {held:?} is held: lock is not possible (hold took it there, version 2)"));
}

#[tokio::test]
async fn what_is_not_there_is_not_found_by_any_road() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = Uuid::new_v4();
    let mut tx = bank.begin().await.unwrap();
    assert!(matches!(tx.lock::<Account>(id).await, Err(Error::NotFound { id: told }) if told == id));
    assert!(matches!(tx.fire(id, event::Touch).await, Err(Error::NotFound { .. })));
    assert!(matches!(tx.fire(id, event::Post).await, Err(Error::NotFound { .. })));
    assert!(matches!(bank.fire(id, event::Touch).await, Err(Error::NotFound { .. })));
    assert!(matches!(bank.fire(id, event::Post).await, Err(Error::NotFound { .. })));
    assert!(matches!(bank.once("k").fire(id, event::Touch).await, Err(Error::NotFound { .. })));
    assert_eq!(tx.lock_all::<Account>([id]).await.unwrap(), []);
    assert_eq!(Account::load(&world.admin, id).await.unwrap(), None);
    assert_eq!(Account::load(&bank, id).await.unwrap(), None);
}

#[tokio::test]
async fn a_group_can_be_locked_and_matched() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let (open, held) = some(&world, &bank, 1).await;
    assert_eq!(Account::load(&bank, held).await.unwrap(), Some(world.load(held).await));
    let mut tx = bank.begin().await.unwrap();
    assert!(matches!(tx.lock::<account::Live>(open[0]).await.unwrap(), account::Live::Open(_)));
    let account::Live::Held(account) = tx.lock::<account::Live>(held).await.unwrap() else { panic!("it is held") };
    let _ = account.close(&mut tx, "moved").await.unwrap();
    assert!(matches!(tx.lock::<account::Live>(held).await, Err(Error::Conflict { .. })));
}

#[tokio::test]
async fn a_locked_instance_cannot_be_moved_by_others_until_the_end() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let (open, _) = some(&world, &bank, 1).await;
    let mut tx = bank.begin().await.unwrap();
    let mine = tx.lock::<Account<account::Open>>(open[0]).await.unwrap();
    let others = bank.clone();
    let theirs = tokio::spawn(async move { others.fire(open[0], event::Touch).await });
    world.waiting(1).await;
    assert_eq!(mine.post(&mut tx).await.unwrap().version(), 2);
    tx.commit().await.unwrap();
    assert_eq!(theirs.await.unwrap().unwrap().version(), 3);
}

#[tokio::test]
async fn pages_follow_one_another_and_hold_only_what_was_asked_for() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let (open, held) = some(&world, &bank, 5).await;
    let mut found = Vec::new();
    loop {
        let mut page = Account::find(&world.admin).in_state::<account::Open>().limit(2);
        if let Some(last) = found.last() {
            page = page.after(*last);
        }
        let page: Vec<Account<account::Open>> = page.all().await.unwrap();
        if page.is_empty() {
            break;
        }
        found.extend(page.iter().map(|account| account.id));
    }
    assert_eq!(found, open);
    let held_ones = Account::find(&world.admin).in_state::<account::Held>().all().await.unwrap();
    assert_eq!(held_ones.iter().map(|account| account.id).collect::<Vec<_>>(), [held]);
    assert_eq!(Account::find(&world.admin).in_state::<account::Live>().all().await.unwrap().len(), 6);
    assert_eq!(Account::find(&world.admin).all().await.unwrap().len(), 6);
}

#[tokio::test]
async fn those_that_are_in_their_state_for_long_are_found_by_age() {
    let world = World::new().await;
    let id = world.account().await;
    let hours_ago = "BEGIN; SET LOCAL session_replication_role = replica;
        UPDATE accounts SET entered_at = now() - interval '2 hours'; COMMIT";
    world.execute(hours_ago).await;
    let _ = world.account().await;
    let old = Account::find(&world.admin).older_than(Duration::from_secs(3600)).all().await.unwrap();
    assert_eq!(old.iter().map(|account| account.id).collect::<Vec<_>>(), [id]);
    assert_eq!(Account::find(&world.admin).older_than(Duration::from_secs(3 * 3600)).all().await.unwrap(), []);
}

#[tokio::test]
async fn an_account_can_be_read_by_ones_own_query() {
    let world = World::new().await;
    let id = world.account().await;
    let all: Vec<Account> = sqlx::query_as("SELECT * FROM accounts").fetch_all(&world.admin).await.unwrap();
    assert_eq!(all, [world.load(id).await]);
}

#[tokio::test]
async fn what_is_possible_now_leaves_out_what_a_guard_blocks() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let (open, held) = some(&world, &bank, 1).await;
    assert_eq!(world.load(held).await.possible(), ["free", "close"]);
    let now = world.load(open[0]).await.possible_now(&world.admin).await.unwrap();
    assert_eq!(now, ["touch", "deposit", "hold", "post", "close"]);
}
