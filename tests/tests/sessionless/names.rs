//! Many clients on few connections of the server: each gets its own answers.

use crate::runtime::bank::{Account, Bank, account, account::event};
use crate::runtime::world::{World, pool};
use sqlx::Executor;
use tokio::task::JoinSet;
use uuid::Uuid;
use workflow_runtime::Runtime;

const CLIENTS: u32 = 24;
const ROUNDS: i32 = 10;

/// One statement each, whose answers differ from client to client.
async fn client(bank: Runtime<Bank>, number: i32) {
    for round in 0..ROUNDS {
        let (id, balance) = (Uuid::new_v4(), number * 1000 + round);
        bank.create(account::New { id, balance: 0 }).await.unwrap().into_new().expect("it is new");
        assert_eq!(bank.fire(id, event::Deposit { balance }).await.unwrap().balance, balance);
        assert_eq!(bank.fire(id, event::Post).await.unwrap().version(), 3);
        let account = Account::load(bank.pool(), id).await.unwrap().expect("it is there");
        assert_eq!((account.id, account.balance), (id, balance));
        let steps = account.history(bank.pool()).await.unwrap();
        assert_eq!(steps.iter().map(|step| step.event.as_str()).collect::<Vec<_>>(), ["create", "deposit", "post"]);
        let touched = bank.fire_all([id], event::Touch).await.unwrap();
        assert_eq!(touched[0].1.as_ref().unwrap().id, id);
        let mut tx = bank.begin().await.unwrap();
        assert_eq!(tx.lock::<Account>(id).await.unwrap().balance, balance);
        tx.commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_many_clients_gets_its_own_answers_and_no_statement_has_a_name() {
    let world = World::new().await;
    let bank = Runtime::new(pool(&world.url(), CLIENTS).await, Bank::default());
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        clients.spawn(client(bank.clone(), number as i32));
    }
    while let Some(done) = clients.join_next().await {
        done.unwrap();
    }
    assert_eq!(world.count("SELECT count(*) FROM accounts").await, i64::from(CLIENTS) * i64::from(ROUNDS));
    assert_eq!(names(&bank).await, 0);
}

/// On all four connections of the server, held at the same time.
async fn names(bank: &Runtime<Bank>) -> i64 {
    let (mut all, mut held) = (0, Vec::new());
    for _ in 0..4 {
        let mut tx = bank.pool().begin().await.unwrap();
        let row = tx.fetch_one(sqlx::raw_sql("SELECT count(*) FROM pg_prepared_statements")).await.unwrap();
        all += sqlx::Row::get::<i64, _>(&row, 0);
        held.push(tx);
    }
    all
}

#[tokio::test]
async fn a_client_that_has_committed_holds_no_connection_of_the_server() {
    let world = World::new().await;
    let id = world.account().await;
    let mut clients = Vec::new();
    for version in 2..10 {
        let bank = Runtime::new(pool(&world.url(), 1).await, Bank::default());
        assert_eq!(bank.fire(id, event::Post).await.unwrap().version(), version);
        clients.push(bank);
    }
    assert_eq!(world.stored(id).await.version, 9);
}
