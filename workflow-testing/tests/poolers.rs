//! A pooler without sessions, and what becomes there of statements that count on one.

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::task::JoinSet;
use workflow_testing::{Database, Pooler, Server};

const CLIENTS: u32 = 30;
const QUERIES: i32 = 400;

async fn pooled() -> (Database, Pooler) {
    let server = Server::shared().await.expect("a server");
    (server.create_database().await.expect("a database"), Pooler::before(server).await.expect("PgBouncer"))
}

fn options(database: &Database, pooler: &Pooler) -> PgConnectOptions {
    pooler.url(database.url()).parse::<PgConnectOptions>().expect("an address").extra_float_digits(None)
}

/// How a query is sent.
#[derive(Debug, Clone, Copy)]
struct Sent {
    named: bool,
    in_transaction: bool,
}

impl Sent {
    /// What it is asked is told by its text and its parameter.
    async fn ask(self, pool: &PgPool, number: i32) -> sqlx::Result<i32> {
        let query = sqlx::query_scalar(AssertSqlSafe(format!("SELECT $1::integer * 100 + {}", number % 20)));
        let query = query.bind(number).persistent(self.named);
        if !self.in_transaction {
            return query.fetch_one(pool).await;
        }
        let mut transaction = pool.begin().await?;
        let answer = query.fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(answer)
    }

    /// Many at once; how many were answered, and how many of these rightly.
    async fn answers(self) -> (usize, usize) {
        let (database, pooler) = pooled().await;
        let pool = PgPoolOptions::new().min_connections(CLIENTS).max_connections(CLIENTS);
        let pool = pool.connect_with(options(&database, &pooler)).await.expect("a pool");
        let mut asking = JoinSet::new();
        for number in 0..QUERIES {
            let pool = pool.clone();
            asking.spawn(async move { self.ask(&pool, number).await.map(|answer| answer == number * 100 + number % 20) });
        }
        let answered: Vec<bool> = asking.join_all().await.into_iter().flatten().collect();
        (answered.len(), answered.iter().filter(|&&right| right).count())
    }
}

/// So that a suite that runs through it would notice named statements.
#[tokio::test]
async fn statements_with_names_fail() {
    let (answered, _) = Sent { named: true, in_transaction: true }.answers().await;
    assert!(answered < QUERIES as usize, "each was answered");
}

/// It is parsed on one connection of the server and carried out on another, where somebody else has parsed something.
#[tokio::test]
async fn statements_without_names_get_the_answers_to_others_outside_of_a_transaction() {
    let (_, right) = Sent { named: false, in_transaction: false }.answers().await;
    assert!(right < QUERIES as usize, "each got its own answer");
}

#[tokio::test]
async fn statements_without_names_get_their_own_answers_inside_of_a_transaction() {
    assert_eq!(Sent { named: false, in_transaction: true }.answers().await, (QUERIES as usize, QUERIES as usize));
}

#[tokio::test]
async fn a_client_that_sends_what_it_does_not_follow_is_refused_and_it_ends_with_its_owner() {
    let (database, pooler) = pooled().await;
    let refused = PgConnection::connect(&pooler.url(database.url())).await.expect_err("it is refused");
    assert!(refused.to_string().contains("extra_float_digits"), "{refused}");
    let mut client = PgConnection::connect_with(&options(&database, &pooler)).await.expect("it is let in");
    client.ping().await.expect("it is served");
    let socket = pooler.socket_path();
    drop(pooler);
    assert!(client.ping().await.is_err() && !socket.exists());
}
