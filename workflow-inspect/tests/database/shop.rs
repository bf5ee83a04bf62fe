//! A migrated database, and a look at it.

use crate::folder::Crate;
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use std::path::Path;
use std::time::Duration;
use workflow_inspect::{Drift, Look, drift};
use workflow_migrate::{Snapshot, Step};
use workflow_testing::Database;

/// A workflow with something of every kind.
pub(crate) const ORDER: &str = r#"
workflow! {
    pub workflow Order in orders {
        id: i64,
        #[unique]
        number: String,
        note: Option<String>,

        states {
            initial Placed,
            Reserved { #[unique] slot: String, due: DateTime<Utc> },
            final Shipped,
            final Cancelled,
        }

        transitions {
            reserve(slot: String, due: DateTime<Utc>): Placed -> Reserved if sql "number <> ''",
            ship: Reserved -> Shipped,
            cancel: Placed -> Cancelled with sql "INSERT INTO ledger VALUES (NEW.id)",
            expire: Reserved -> Cancelled at due,
        }
    }
}
"#;

pub(crate) struct Shop {
    pub(crate) database: Database,
    pub(crate) pool: PgPool,
    pub(crate) at: Crate,
    pub(crate) migrator: Migrator,
}

impl Shop {
    pub(crate) async fn open(test: &str) -> Shop {
        Shop::of(test, ORDER).await
    }

    pub(crate) async fn of(test: &str, source: &str) -> Shop {
        let at = Crate::new(&format!("shop-{test}"));
        at.generate(source, Step::Expand, 1000).unwrap();
        let database = Database::create().await.unwrap();
        let pool = pool_of(&database).await;
        let migrator = Migrator::new(at.migrations()).await.unwrap();
        migrator.run(&pool).await.unwrap();
        Shop { database, pool, at, migrator }
    }

    pub(crate) async fn drift(&self) -> Drift {
        looked(&self.database, &snapshots(&self.at.migrations()), &self.migrator).await.remove(0)
    }
}

pub(crate) async fn pool_of(database: &Database) -> PgPool {
    database.pool_with(2).await.unwrap()
}

pub(crate) fn snapshots(migrations: &Path) -> Vec<Snapshot> {
    let folder = migrations.join(".workflow");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| Snapshot::load(&path).unwrap()).collect()
}

pub(crate) async fn looked(database: &Database, snapshots: &[Snapshot], migrator: &Migrator) -> Vec<Drift> {
    let mut look = Look::open(&database.url().parse().unwrap(), Duration::from_secs(10)).await.unwrap();
    let drifts = drift(&mut look, snapshots, migrator).await.unwrap();
    look.close().await;
    drifts
}
