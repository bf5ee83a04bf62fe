//! Of two that race for an instance one wins, and the other is told by whom.

use super::bank::{Account, Bank, account, account::event};
use super::world::World;
use workflow_runtime::{Error, Isolation};

/// The winner's step as the loser is told it.
fn told(error: Error<Account>) -> (String, Account, bool) {
    match error {
        Error::Conflict { by: Some(by), actual, stale, .. } => (by.event, *actual, stale),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn whoever_comes_second_is_told_what_the_first_did() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    for close_first in [true, false] {
        let id = world.account().await;
        let mut first = bank.as_actor("alice").begin().await.unwrap();
        if close_first {
            let _ = first.fire(id, event::Close { reason: "moved".into() }).await.unwrap();
        } else {
            let _ = first.fire(id, event::Hold { by: "court".into() }).await.unwrap();
        }
        let (hold, post) = (bank.clone(), bank.clone());
        let alone = tokio::spawn(async move { hold.fire(id, event::Hold { by: "bailiff".into() }).await.map(drop) });
        let with_effect = tokio::spawn(async move { post.fire(id, event::Post).await.map(drop) });
        world.waiting(2).await;
        first.commit().await.unwrap();

        for loser in [alone, with_effect] {
            let (by, actual, stale) = told(loser.await.unwrap().unwrap_err());
            assert_eq!((by.as_str(), stale), (if close_first { "close" } else { "hold" }, false));
            assert_eq!(actual, world.load(id).await);
        }
        assert_eq!(world.stored(id).await.version, 2);
    }
}

#[tokio::test]
async fn when_the_first_is_rolled_back_the_second_wins() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    let mut first = bank.begin().await.unwrap();
    let _ = first.fire(id, event::Close { reason: "moved".into() }).await.unwrap();
    let second = tokio::spawn(async move { bank.fire(id, event::Hold { by: "court".into() }).await });
    world.waiting(1).await;
    first.rollback().await.unwrap();
    assert_eq!(second.await.unwrap().unwrap().state.by, "court");
    assert_eq!(world.stored(id).await.state, "held");
}

#[tokio::test]
async fn a_typed_handle_is_compared_with_the_version_that_it_has_seen() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    let account::In::Open(seen) = world.load(id).await.typed() else { panic!("it is open") };
    let _ = bank.fire(id, event::Touch).await.unwrap();

    let mut tx = bank.begin().await.unwrap();
    for lost in [seen.clone().post(&mut tx).await.map(drop), seen.touch(&mut tx).await.map(drop)] {
        let (by, actual, stale) = told(lost.unwrap_err());
        assert_eq!((by.as_str(), actual.version(), stale), ("touch", 2, false));
    }
    // A conflict is no failed statement: the transaction can go on.
    let _ = tx.fire(id, event::Post).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world.stored(id).await.version, 3);
}

#[tokio::test]
async fn an_old_snapshot_that_cannot_show_the_winner_is_called_stale() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    let mut tx = bank.begin_at(Isolation::RepeatableRead).await.unwrap();
    let _ = tx.lock::<Account>(world.account().await).await.unwrap();
    let _ = bank.fire(id, event::Touch).await.unwrap();

    let account::In::Open(seen) = world.load(id).await.typed() else { panic!("it is open") };
    let error = seen.touch(&mut tx).await.unwrap_err();
    assert!(error.is_retryable());
    let (by, actual, stale) = told(error);
    assert_eq!((by.as_str(), actual.version(), stale), ("create", 1, true));
}

#[tokio::test]
async fn a_snapshot_that_is_too_old_to_write_is_a_retryable_fault() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    let mut tx = bank.begin_at(Isolation::RepeatableRead).await.unwrap();
    let _ = tx.lock::<Account>(world.account().await).await.unwrap();
    let _ = bank.fire(id, event::Touch).await.unwrap();
    let error = tx.fire(id, event::Touch).await.unwrap_err();
    assert!(matches!(error, Error::Database(_)) && error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn of_many_the_refused_ones_do_not_hold_up_the_others() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let (open, held, gone) = (world.account().await, world.account().await, uuid::Uuid::new_v4());
    let _ = bank.fire(held, event::Hold { by: "court".into() }).await.unwrap();
    let outcomes = bank.fire_all([gone, held, open, held], event::Touch).await.unwrap();
    assert_eq!(outcomes.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [gone, held, open]);
    assert!(matches!(&outcomes[0].1, Err(Error::NotFound { id }) if *id == gone));
    assert!(matches!(&outcomes[1].1, Err(Error::Conflict { by: Some(by), .. }) if by.event == "hold"));
    assert_eq!(outcomes[2].1.as_ref().unwrap().version(), 2);
}
