//! Parcels that are loaded onto trucks, by applications with and without faults.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;
use workflow_runtime::{BoxError, Runtime};
use workflow_testing::{Database, Subject};

workflow_tests::declared! {
    /// A parcel.
    pub(crate) workflow Parcel in parcels {
        id: Uuid,
        weight: i32,
        states {
            initial Waiting,
            Loaded { truck: String },
            final Arrived,
        }
        transitions {
            stow(truck: String): Waiting -> Loaded with put_on,
            unload: Loaded -> Waiting with take_off,
            arrive: Loaded -> Arrived if sql "weight < 100" with sql "UPDATE trucks SET parcels = parcels - 1 WHERE name = OLD.truck",
            weigh(weight: i32): Waiting | Loaded,
        }
    }
}

/// How the application goes about it.
#[derive(Debug, Clone)]
pub(crate) enum Depot {
    /// On the connection that it is lent.
    Sound,
    /// The truck is counted on a connection of its own.
    Leaky(PgPool),
    /// The drivers are told before the truck when loading, and after it when unloading.
    Crossed,
    /// It writes back what it has read, and has not locked.
    Hasty,
    /// It commits by itself.
    Committing,
}

const COUNT: &str = "UPDATE trucks SET parcels = parcels + $2 WHERE name = $1";
const TELL: &str = "UPDATE drivers SET told = told + abs($2) WHERE truck = $1";

impl Depot {
    async fn count(&self, tx: &mut PgConnection, truck: &str, by: i32) -> Result<(), BoxError> {
        match self {
            Depot::Sound => run(tx, COUNT, truck, by).await,
            Depot::Leaky(pool) => {
                run(tx, TELL, truck, by).await?;
                run(&mut *pool.acquire().await?, COUNT, truck, by).await
            }
            Depot::Crossed => {
                let [first, second] = if by > 0 { [TELL, COUNT] } else { [COUNT, TELL] };
                run(tx, first, truck, by).await?;
                run(tx, second, truck, by).await
            }
            Depot::Hasty => {
                let seen: i32 =
                    sqlx::query_scalar("SELECT parcels FROM trucks WHERE name = $1").bind(truck).fetch_one(&mut *tx).await?;
                run(tx, "UPDATE trucks SET parcels = $2 WHERE name = $1", truck, seen + by).await
            }
            Depot::Committing => {
                sqlx::raw_sql("COMMIT; BEGIN").execute(&mut *tx).await?;
                run(tx, COUNT, truck, by).await
            }
        }
    }
}

async fn run(connection: &mut PgConnection, sql: &'static str, truck: &str, by: i32) -> Result<(), BoxError> {
    sqlx::query(sql).bind(truck).bind(by).execute(connection).await?;
    Ok(())
}

impl parcel::Effects for Depot {
    type Error = BoxError;

    async fn put_on(
        &self,
        tx: &mut PgConnection,
        _: &Parcel<parcel::Waiting>,
        after: &Parcel<parcel::Loaded>,
        _: &parcel::event::Stow,
    ) -> Result<(), BoxError> {
        self.count(tx, &after.state.truck, 1).await
    }

    async fn take_off(
        &self,
        tx: &mut PgConnection,
        before: &Parcel<parcel::Loaded>,
        _: &Parcel<parcel::Waiting>,
        _: &parcel::event::Unload,
    ) -> Result<(), BoxError> {
        self.count(tx, &before.state.truck, -1).await
    }
}

/// One truck and its driver.
const TABLES: &str = "CREATE TABLE trucks (name text PRIMARY KEY, parcels integer NOT NULL CHECK (parcels >= 0));
    CREATE TABLE drivers (truck text PRIMARY KEY, told integer NOT NULL);
    INSERT INTO trucks VALUES ('B1', 0); INSERT INTO drivers VALUES ('B1', 0);";

/// A depot with one truck, its application, and what else is done to its database.
pub(crate) async fn parcels(depot: fn(PgPool) -> Depot, sabotage: &'static str) -> Subject<Parcel, Depot> {
    subject(&database(sabotage).await, depot)
}

pub(crate) async fn database(sabotage: &'static str) -> Database {
    let database = workflow_tests::database(SOURCE, TABLES).await;
    sqlx::raw_sql(sabotage).execute(&mut database.connect().await.unwrap()).await.unwrap();
    database
}

pub(crate) fn subject(database: &Database, depot: fn(PgPool) -> Depot) -> Subject<Parcel, Depot> {
    let connect = move |url: String| async move {
        let pool = PgPool::connect(&url).await?;
        Ok(Runtime::new(pool.clone(), depot(pool)))
    };
    Subject::new(database, connect).sample("truck", ["B1"])
}
