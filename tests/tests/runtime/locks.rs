//! Instances are locked in ascending order of their keys, whatever order they are given in: no deadlocks.

use super::bank::{Account, Bank, account, account::event};
use super::world::{World, pool, short, until};
use tokio::task::JoinSet;
use uuid::Uuid;
use workflow_runtime::Runtime;

const TASKS: usize = 8;
const ROUNDS: usize = 8;

/// All in a transaction of its own; every second task has them the other way round.
async fn by_hand(bank: &Runtime<Bank>, ids: Vec<Uuid>) {
    let mut tx = bank.begin().await.unwrap();
    let locked = tx.lock_all::<Account<account::Open>>(ids.iter().copied()).await.unwrap();
    assert!(locked.len() == ids.len() && locked.is_sorted_by_key(|open| open.id));
    for open in locked {
        let _ = open.touch(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn at_once(bank: &Runtime<Bank>, ids: Vec<Uuid>) {
    for (_, outcome) in bank.fire_all(ids, event::Touch).await.unwrap() {
        let _ = outcome.unwrap();
    }
}

/// Many tasks move overlapping sets. Nothing is tried again here, and so a deadlock is an error.
async fn no_deadlocks(by_hand_every: usize) {
    let world = World::new().await;
    sqlx::raw_sql("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = 10', current_database()); END $$")
        .execute(&world.admin)
        .await
        .unwrap();
    let mut settings = short();
    settings.attempts = 1;
    settings.lock_timeout = std::time::Duration::ZERO;
    let bank = Runtime::with(pool(&world.url(), TASKS as u32).await, Bank::default(), settings);
    let mut ids = Vec::new();
    for _ in 0..30 {
        ids.push(world.account().await);
    }
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let (bank, mut ids) = (bank.clone(), ids.clone());
        tasks.spawn(async move {
            if task % 2 == 0 {
                ids.reverse();
            }
            for _ in 0..ROUNDS {
                match task % by_hand_every {
                    0 => by_hand(&bank, ids.clone()).await,
                    _ => at_once(&bank, ids.clone()).await,
                }
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    for id in ids {
        assert_eq!(world.stored(id).await.version, 1 + (TASKS * ROUNDS) as i64);
    }
    assert_eq!(deadlocks(world, bank).await, 0);
}

/// As PostgreSQL counted them: a session tells when it ends.
async fn deadlocks(mut world: World, bank: Runtime<Bank>) -> i64 {
    bank.pool().close().await;
    world.clear_road();
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()";
    let ours = || i64::from(world.admin.size());
    until("its sessions have ended", async || world.count(sessions).await <= ours()).await;
    world.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").await
}

#[tokio::test]
async fn transactions_that_lock_the_same_instances_in_opposite_orders_do_not_deadlock() {
    no_deadlocks(1).await;
}

#[tokio::test]
async fn events_for_many_and_transactions_over_the_same_instances_do_not_deadlock() {
    no_deadlocks(2).await;
}
