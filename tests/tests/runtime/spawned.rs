//! Every documented use inside `tokio::spawn`: its future is `Send`.

use super::bank::{Account, Bank, account, account::event, parcel};
use super::world::World;
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{Error, Isolation};

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_use_can_be_spawned() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let pool = bank.pool().clone();
    let done = tokio::spawn(async move {
        let id = Uuid::new_v4();
        let open = bank.create(account::New { id, balance: 0 }).await?.into_new().expect("it is new");
        let _ = bank.create(parcel::New { id }).await.expect("a parcel");
        let _ = bank.fire(id, event::Touch).await?;
        let _ = bank.fire(&id, event::Post).await?;
        let _ = bank.as_actor("alice").once("k").fire(id, event::Post).await?;
        let _ = bank.fire_all([id], event::Touch).await?;
        assert!(!bank.outcome::<Account>(id, Uuid::new_v4()).await?);

        let mut tx = bank.begin_at(Isolation::Serializable).await?;
        sqlx::raw_sql("SELECT 1").execute(&mut *tx).await?;
        tx.rollback().await?;
        let mut tx = bank.begin().await?;
        let _ = tx.lock_all::<account::Live>([id]).await?;
        let open = tx.lock::<Account<account::Open>>(open.id).await?;
        let mut inner = tx.savepoint().await?;
        let held = open.hold(&mut inner, "court").await?;
        inner.release().await?;
        let open = held.free(&mut tx).await?;
        let _ = tx.create(account::New { id: Uuid::new_v4(), balance: 0 }).await?;
        let open = open.deposit(&mut tx, 7).await?;
        tx.commit().await.expect("it commits");

        let mut theirs = pool.begin().await?;
        let closed = open.close(&mut bank.join(&mut theirs), "moved").await?;
        theirs.commit().await?;
        let found = Account::find(&pool).in_state::<account::Closed>().older_than(Duration::ZERO).limit(9).all().await?;
        assert_eq!(found, std::slice::from_ref(&closed));
        assert_eq!(closed.possible_now(&pool).await?, [""; 0]);
        assert_eq!(Account::load(&pool, id).await?, Some(Account::from(closed.clone())));
        Ok::<_, Error<Account>>(closed.history(&pool).await?.len())
    });
    assert_eq!(done.await.unwrap().unwrap(), 9);
}
