//! A database with accounts, reached directly or through a proxy, and what must always hold in it.

use super::bank::{Account, Bank, SOURCE, TABLES, account, shipping};
use crate::POOLED;
use sqlx::postgres::PgPool;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{Runtime, Settings};
use workflow_testing::Proxy;
use workflow_testing::{Database, Server};
use workflow_tests::road::Road;

/// A database of its own.
pub struct World {
    /// Where it is.
    pub db: Database,
    /// Not the pool of the code under test.
    pub admin: PgPool,
    /// The server that it is on.
    pub server: Server,
    road: Road,
}

/// What is stored of an account, after it was found to hold together.
#[derive(Debug, PartialEq)]
pub struct Stored {
    /// The label of its state.
    pub state: String,
    /// How many transitions it has made.
    pub version: i64,
    /// How many effects of it count.
    pub bookings: i64,
}

impl World {
    /// On the server that the tests share.
    pub async fn new() -> World {
        World::on(Server::shared().await.expect("a server").clone()).await
    }

    /// On a server of one's own.
    pub async fn on(server: Server) -> World {
        let db = server.create_database().await.expect("a database");
        workflow_tests::fill(&db, SOURCE, TABLES).await;
        workflow_tests::fill(&db, shipping::SOURCE, "").await;
        let admin = db.pool_with(3).await.expect("a pool");
        let road = Road::to(&server, POOLED).await;
        World { db, admin, server, road }
    }

    /// Where the code under test finds the database.
    pub fn url(&self) -> String {
        self.road.url(&self.db)
    }

    /// A pooler on the way ends, and its sessions with it.
    pub fn clear_road(&mut self) {
        self.road = Road::direct();
    }

    /// On the way there.
    pub async fn proxy(&self) -> Proxy {
        Proxy::start(self.road.socket(&self.server)).await.expect("a free port")
    }

    /// A runtime that reaches the server directly.
    pub async fn bank(&self, bank: Bank) -> Runtime<Bank> {
        Runtime::new(pool(&self.url(), 10).await, bank)
    }

    /// A proxy, and a runtime behind it whose pool has one connection after another.
    pub async fn behind_a_proxy(&self, bank: impl FnOnce(Proxy) -> Bank) -> (Proxy, Runtime<Bank>) {
        let proxy = self.proxy().await;
        let bank = bank(proxy.clone());
        let runtime = Runtime::with(pool(&proxy.url(self.db.url()), 1).await, bank, short());
        (proxy, runtime)
    }

    /// A new account.
    pub async fn account(&self) -> Uuid {
        let id = Uuid::new_v4();
        let runtime = Runtime::new(self.admin.clone(), Bank::default());
        runtime.create(account::New { id, balance: 0 }).await.expect("an account");
        id
    }

    /// All or nothing: state, history, the application's table and the jobs tell the same story.
    pub async fn stored(&self, id: Uuid) -> Stored {
        let (state, version, bookings, whole, told): (String, i64, i64, bool, String) =
            sqlx::query_as(WHOLE).bind(id).fetch_one(&self.admin).await.expect("the account is there");
        assert!(whole, "torn: {told}");
        Stored { state, version, bookings }
    }

    /// The account as it is now.
    pub async fn load(&self, id: Uuid) -> Account {
        Account::load(&self.admin, id).await.expect("a row").expect("the account is there")
    }

    /// Waits until so many sessions of this database wait for a lock.
    pub async fn waiting(&self, sessions: i64) {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        until("sessions wait for a lock", async || self.count(waiting).await >= sessions).await;
    }

    /// What a query counts.
    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.admin).await.expect("a number")
    }

    /// Statements of somebody else.
    pub async fn execute(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.admin).await.expect(sql);
    }
}

const WHOLE: &str = "
    SELECT state, version, bookings,
        steps = version AND last = state AND effects = bookings AND told = jobs, to_jsonb(s)::text
    FROM (SELECT a.state, a.version,
        (SELECT count(*) FROM accounts_history h WHERE h.id = a.id) AS steps,
        (SELECT h.to_state FROM accounts_history h WHERE h.id = a.id ORDER BY h.version DESC LIMIT 1) AS last,
        (SELECT count(*) FROM accounts_history h WHERE h.id = a.id AND h.event IN ('post', 'close')) AS effects,
        (SELECT count(*) FROM bookings b WHERE b.account = a.id) AS bookings,
        (SELECT count(*) FROM accounts_history h WHERE h.id = a.id AND h.event IN ('hold', 'close')) AS told,
        (SELECT count(*) FROM accounts_jobs j WHERE j.id = a.id) AS jobs
    FROM accounts a WHERE a.id = $1) s";

/// As `Runtime::connect` makes it: what a dead connection swallows is sent again.
pub async fn pool(url: &str, connections: u32) -> PgPool {
    // One runtime that is told so is enough for the process.
    let mut settings = Settings::default();
    settings.named_statements = !POOLED;
    settings.max_connections = connections;
    Runtime::connect_with(url, (), settings).await.expect("a pool").pool().clone()
}

/// Few attempts, for tests that let them run out.
pub fn short() -> Settings {
    let mut settings = Settings::default();
    settings.attempts = 5;
    settings
}

/// Waits until the pool has its connections back, and they have done what was left to do.
pub async fn idle(pool: &PgPool) {
    until("the pool is idle", async || pool.num_idle() == pool.size() as usize).await;
}

/// The pool's next user is outside of any transaction: what it writes is there for others.
pub async fn next_user_is_outside(pool: &PgPool, world: &World) {
    let mark = Uuid::new_v4();
    let insert = sqlx::AssertSqlSafe(format!("INSERT INTO marks VALUES ('{mark}')"));
    sqlx::raw_sql(insert).execute(pool).await.expect("the pool is usable");
    let seen: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM marks WHERE mark = $1)")
        .bind(mark)
        .fetch_one(&world.admin)
        .await
        .expect("an answer");
    assert!(seen, "the next user's write is in somebody's transaction");
}

/// Waits for a signal, and not for ever.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let poll = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(20), poll).await.is_ok(), "waited too long until {what}");
}

/// Polls a future so many times, each when it was woken, and drops it; what it gave if it came to its end.
pub async fn polled<F: Future>(times: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = times;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
