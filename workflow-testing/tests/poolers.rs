//! A pooler without sessions, and what it does to clients that count on one.

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Executor, PgConnection};
use workflow_testing::{Database, Pooler, Server};

async fn pooled(clients: u32) -> (PgPool, Database, Pooler) {
    let server = Server::shared().await.expect("a server");
    let database = server.create_database().await.expect("a database");
    let pooler = Pooler::before(server).await.expect("PgBouncer");
    let options: PgConnectOptions = pooler.url(database.url()).parse().expect("an address");
    let options = options.extra_float_digits(None);
    let pool = PgPoolOptions::new().min_connections(clients).max_connections(clients).connect_with(options).await;
    (pool.expect("a pool through PgBouncer"), database, pooler)
}

/// Asks many different questions at once, and counts the right answers.
async fn right(pool: &PgPool, ask: impl AsyncFn(PgPool, i32) -> sqlx::Result<i32> + Clone + Send + Sync + 'static) -> usize {
    let mut right = 0;
    let mut wrong = 0;
    let mut errors = std::collections::BTreeMap::<String, usize>::new();
    let all: Vec<_> = (0..400)
        .map(|n| {
            let (pool, ask) = (pool.clone(), ask.clone());
            async move { (n, ask(pool, n).await) }
        })
        .collect();
    let mut set = Vec::new();
    for f in all {
        set.push(Box::pin(f));
    }
    let results = futures(set).await;
    for (n, r) in results {
        match r {
            Ok(a) if a == n + n % 20 => right += 1,
            Ok(_) => wrong += 1,
            Err(e) => *errors.entry(e.to_string()).or_default() += 1,
        }
    }
    eprintln!("right {right}, wrong {wrong}, errors {errors:?}");
    right
}

async fn futures<F: Future + Unpin>(mut all: Vec<F>) -> Vec<F::Output> {
    let mut out: Vec<Option<F::Output>> = all.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        let mut pending = false;
        for (f, o) in all.iter_mut().zip(out.iter_mut()) {
            if o.is_none() {
                match std::pin::Pin::new(f).poll(cx) {
                    std::task::Poll::Ready(v) => *o = Some(v),
                    std::task::Poll::Pending => pending = true,
                }
            }
        }
        if pending { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    out.into_iter().flatten().collect()
}

fn text(n: i32) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("SELECT $1::int + {}", n % 20))
}

#[tokio::test]
async fn named() {
    let (pool, _d, _p) = pooled(30).await;
    right(&pool, async |pool: PgPool, n| sqlx::query_scalar(text(n)).bind(n).fetch_one(&pool).await).await;
}
#[tokio::test]
async fn unnamed() {
    let (pool, _d, _p) = pooled(30).await;
    right(&pool, async |pool: PgPool, n| sqlx::query_scalar(text(n)).bind(n).persistent(false).fetch_one(&pool).await).await;
}
#[tokio::test]
async fn unnamed_in_transactions() {
    let (pool, _d, _p) = pooled(30).await;
    right(&pool, async |pool: PgPool, n| {
        let mut tx = pool.begin().await?;
        let v = sqlx::query_scalar(text(n)).bind(n).persistent(false).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        Ok(v)
    })
    .await;
}
