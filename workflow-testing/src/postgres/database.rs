//! A database a test.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

use super::{Error, Server, url};

/// A new, empty database. It is not dropped: it goes with its server.
#[derive(Debug, Clone)]
pub struct Database {
    url: String,
}

impl Database {
    /// A database on the server named by `DATABASE_URL`, whose user must be allowed to create
    /// databases, or else on the [server of this process](Server::shared).
    ///
    /// # Errors
    ///
    /// When there is no server, or it makes no database. Nothing needs to be undone.
    pub async fn create() -> Result<Database, Error> {
        match std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty()) {
            Some(server) => Database::create_on(&server).await,
            None => Server::shared().await?.create_database().await,
        }
    }

    /// Its connection is used once, for a connection belongs to the runtime of one test.
    pub(super) async fn create_on(server: &str) -> Result<Database, Error> {
        let refused = |source| Error::Database { server: url::without_secrets(server), source };
        let name = unique_name();
        let mut connection = PgConnection::connect(server).await.map_err(refused)?;
        create(&mut connection, &name).await.map_err(refused)?;
        connection.close().await.map_err(refused)?;
        Ok(Database { url: url::with_database(server, &name) })
    }

    /// Its address, with a role that may do everything.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its address for another role, to be created by the test: our servers let every role in, one
    /// named by `DATABASE_URL` must do so without a password.
    pub fn url_as(&self, role: &str) -> String {
        url::with_role(&self.url, role)
    }

    /// A pool of ten connections, for the runtime of the test that asks.
    ///
    /// # Errors
    ///
    /// When the server does not answer.
    pub async fn pool(&self) -> Result<PgPool, Error> {
        self.pool_with(10).await
    }

    /// A pool of so many connections. One server has 300 for all its databases.
    ///
    /// # Errors
    ///
    /// When the server does not answer.
    pub async fn pool_with(&self, connections: u32) -> Result<PgPool, Error> {
        let options = PgPoolOptions::new().max_connections(connections);
        options.connect(&self.url).await.map_err(|source| self.refused(source))
    }

    /// A single connection.
    ///
    /// # Errors
    ///
    /// When the server does not answer.
    pub async fn connect(&self) -> Result<PgConnection, Error> {
        PgConnection::connect(&self.url).await.map_err(|source| self.refused(source))
    }

    fn refused(&self, source: sqlx::Error) -> Error {
        Error::Database { server: url::without_secrets(&self.url), source }
    }
}

/// `template0`, because nobody can be connected to it. Even so PostgreSQL may say that it is in use
/// (55006), when its own vacuum looks at it.
async fn create(connection: &mut PgConnection, name: &str) -> sqlx::Result<()> {
    let statement = format!("CREATE DATABASE {name} TEMPLATE template0");
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        match sqlx::raw_sql(AssertSqlSafe(statement.as_str())).execute(&mut *connection).await {
            Err(error) if is_in_use(&error) && Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            result => return result.map(drop),
        }
    }
}

fn is_in_use(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).as_deref() == Some("55006")
}

/// Unlike that of any other process, also on another machine with the same server.
fn unique_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    format!("workflow_test_{now:x}_{}_{number}", std::process::id())
}
