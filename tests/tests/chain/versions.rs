//! The versions of the order workflow, each compiled, and each as the text that the generator reads.

mod v01;
mod v02;
mod v03;
mod v04;
mod v05;
mod v06;
mod v07;
mod v08;
mod v09;
mod v10;
mod v11;
mod v12;
mod v13;

use super::binary::{Binary, Compiled};
use sqlx::postgres::PgPool;
use std::sync::Arc;
use workflow_model::Model;
use workflow_testing::Database;

/// The application of every version.
#[derive(Debug)]
pub(crate) struct App;

/// What is there before the first migration: the application's own table, and a schema that a later version moves to.
pub(crate) const BEFORE: &str = "CREATE SCHEMA sales; CREATE TABLE public.log (id uuid NOT NULL, what text NOT NULL);";

/// One version.
#[derive(Clone, Copy)]
pub(crate) struct Version {
    pub(crate) name: &'static str,
    pub(crate) source: &'static str,
    start: fn(&str, &str, PgPool) -> Arc<dyn Binary>,
}

macro_rules! version {
    ($name:ident, $workflow:ident, $module:ident) => {
        Version {
            name: stringify!($name),
            source: include_str!(concat!(stringify!($name), ".rs")),
            start: |name, source, pool| {
                Arc::new(Compiled::<App, $name::$workflow, $name::$module::Event>::new(name, source, pool, App))
            },
        }
    };
}

/// All of them, in their order.
pub(crate) const VERSIONS: [Version; 13] = [
    version!(v01, Order, order),
    version!(v02, Order, order),
    version!(v03, Order, order),
    version!(v04, Order, order),
    version!(v05, Order, order),
    version!(v06, Order, order),
    version!(v07, Order, order),
    version!(v08, Order, order),
    version!(v09, Order, order),
    version!(v10, Purchase, purchase),
    version!(v11, Purchase, purchase),
    version!(v12, Purchase, purchase),
    version!(v13, Purchase, purchase),
];

impl Version {
    pub(crate) fn model(&self) -> Model {
        workflow_tests::models(self.source).remove(0)
    }

    /// A program of this version, with connections of its own.
    pub(crate) async fn start(&self, database: &Database) -> Arc<dyn Binary> {
        (self.start)(self.name, self.source, database.pool_with(8).await.expect("a pool"))
    }
}
