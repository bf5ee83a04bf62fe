//! A server that waits for the disk, and the database that it is measured on.

use crate::Failure;
use crate::parcel::Depot;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use workflow_runtime::{Runtime, Settings};
use workflow_testing::{Database, Server};

/// What everybody sets on a server of this size; all else is as PostgreSQL has it, `fsync` among it.
const SETTINGS: [(&str, &str); 4] =
    [("shared_buffers", "2GB"), ("max_wal_size", "8GB"), ("checkpoint_timeout", "15min"), ("max_connections", "200")];

/// Of the settings, for the page.
pub(crate) fn described() -> String {
    SETTINGS.map(|(name, value)| format!("`{name} = {value}`")).join(", ")
}

pub(crate) struct Site {
    pub(crate) server: Server,
    pub(crate) database: Database,
    pub(crate) pool: PgPool,
}

impl Site {
    /// With so many of each, on a server of its own.
    pub(crate) async fn new(keys: i64) -> Result<Site, Failure> {
        let site = Site::empty(&started().await?).await?;
        site.fill(keys).await?;
        Ok(site)
    }

    pub(crate) async fn empty(server: &Server) -> Result<Site, Failure> {
        let database = server.create_database().await?;
        let pool = database.pool_with(4).await?;
        let site = Site { server: server.clone(), database, pool };
        Runtime::with(site.pool.clone(), Depot::default(), Settings::default()).migrate(&sqlx::migrate!()).await?;
        site.run(include_str!("sql/hand.sql")).await?;
        Ok(site)
    }

    /// With so many of each.
    pub(crate) async fn fill(&self, keys: i64) -> Result<(), Failure> {
        for table in ["parcels", "pallets", "meters", "hand_parcels"] {
            self.run(&format!("INSERT INTO {table} (id) SELECT generate_series(1, {keys})")).await?;
        }
        for table in ["shelves", "hand_shelves"] {
            self.run(&format!("INSERT INTO {table} (pallet) SELECT generate_series(1, {keys})")).await?;
        }
        self.run("VACUUM ANALYZE").await
    }

    /// A runtime with a pool of its own, as an application makes it.
    pub(crate) async fn runtime(&self, clients: i64, url: &str) -> Result<Runtime<Depot>, Failure> {
        let mut settings = Settings::default();
        settings.max_connections = u32::try_from(clients)?;
        Ok(Runtime::connect_with(url, Depot::default(), settings).await?)
    }

    /// The address of the database behind a wire that listens there.
    pub(crate) fn through(&self, port: u16) -> String {
        let path = self.database.url().split('?').next().unwrap_or_default();
        let database = path.rsplit('/').next().unwrap_or_default();
        format!("postgres://postgres@127.0.0.1:{port}/{database}?sslmode=disable")
    }

    pub(crate) async fn run(&self, sql: &str) -> Result<(), Failure> {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.pool).await?;
        Ok(())
    }

    pub(crate) async fn count(&self, sql: &str) -> Result<i64, Failure> {
        Ok(sqlx::query(AssertSqlSafe(sql)).fetch_one(&self.pool).await?.try_get(0)?)
    }

    /// The gate: nothing that was measured counts if anything was written twice, by half, or not at all.
    pub(crate) async fn is_sound(&self) -> Result<(), Failure> {
        match self.count(include_str!("sql/wrong.sql")).await? {
            0 => Ok(()),
            wrong => Err(format!("{wrong} rows are not what they should be").into()),
        }
    }
}

pub(crate) async fn started() -> Result<Server, Failure> {
    let builder = SETTINGS.iter().fold(Server::builder(), |builder, (name, value)| builder.setting(name, value));
    Ok(builder.start().await?)
}

/// The database is gone, whoever is still connected to it: hundreds of them would be in the way of what is measured next.
pub(crate) async fn dropped(server: &Server, database: &Database) -> Result<(), Failure> {
    let path = database.url().split('?').next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut connection = PgConnection::connect(&server.url()).await?;
    sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE \"{name}\" WITH (FORCE)"))).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// A pool whose connections are all there, and are not tested before they are used: that would be a round trip.
pub(crate) async fn connected(clients: i64, url: &str) -> Result<PgPool, Failure> {
    let clients = u32::try_from(clients)?;
    Ok(PgPoolOptions::new().test_before_acquire(false).min_connections(clients).max_connections(clients).connect(url).await?)
}
