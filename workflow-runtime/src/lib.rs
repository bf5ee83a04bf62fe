//! Declare the life of a row once. The compiler, the database and the runtime all hold to it.
//!
//! A [`workflow!`] block names the states an entity can be in, the data each state carries, and the transitions between them.
//! From it come typed Rust, in which an illegal transition does not compile; a PostgreSQL migration
//! (`cargo workflow generate`), under which an illegal transition does not commit, whoever sends it; and what this crate does
//! at run time: each transition, together with the application's own change of data, in one transaction.
//!
//! ```no_run
//! use uuid::Uuid;
//! use workflow_runtime::{Runtime, workflow};
//!
//! workflow! {
//!     /// An order, from checkout to the customer's door.
//!     pub workflow Order in orders {
//!         id: Uuid,
//!         sku: String,
//!         states {
//!             initial Placed,
//!             Reserved { warehouse: String },
//!             final Delivered,
//!             final Cancelled { reason: String },
//!         }
//!         transitions {
//!             /// Takes the stock in the same transaction.
//!             reserve(warehouse: String): Placed -> Reserved with take_stock,
//!             deliver: Reserved -> Delivered,
//!             cancel(reason: String): Placed -> Cancelled,
//!         }
//!     }
//! }
//!
//! struct Shop;
//!
//! impl order::Effects for Shop {
//!     type Error = sqlx::Error;
//!
//!     async fn take_stock(
//!         &self,
//!         tx: &mut sqlx::PgConnection,
//!         before: &Order<order::Placed>,
//!         after: &Order<order::Reserved>,
//!         event: &order::event::Reserve,
//!     ) -> Result<(), sqlx::Error> {
//!         sqlx::query("UPDATE inventory SET on_hand = on_hand - 1 WHERE sku = $1").bind(&after.sku).execute(tx).await?;
//!         Ok(())
//!     }
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let shop = Runtime::connect("postgres://localhost/shop", Shop).await?;
//!     let id = Uuid::new_v4();
//!     shop.create(order::New { id, sku: "tea".into() }).await?;
//!     let reserved = shop.fire(id, order::event::Reserve { warehouse: "Berlin".into() }).await?;
//!     println!("{reserved:?}");
//!     Ok(())
//! }
//! ```

/// What a known bug does here, in the build that has them. In any other this is nothing.
macro_rules! planted {
    ($bug:ident, $wrong:expr) => {
        #[cfg(feature = "__planted")]
        if crate::planted::strikes(crate::planted::Bug::$bug) {
            $wrong
        }
    };
}

mod bulk;
mod call;
mod commit;
mod compare;
mod create;
mod create_at;
mod error;
mod fire;
mod history;
mod job;
mod label;
mod migrate;
pub mod model;
mod observe;
mod once;
mod outcome;
#[cfg(feature = "__planted")]
#[doc(hidden)]
pub mod planted;
#[doc(hidden)]
pub mod private;
mod query;
mod reach;
mod retry;
mod runtime;
mod settings;
mod statement;
mod tx;
mod warm;
mod within;
mod worker;
pub mod workflow;

pub use commit::Isolation;
pub use create::{Created, CreatedOf};
pub use create_at::Scheduled;
pub use error::{BoxError, CommitError, Ending, Error};
pub use fire::Fired;
pub use history::{Step, Undecodable};
pub use job::{Job, JobKind};
pub use label::UnknownLabel;
pub use model::Model;
pub use observe::TraceContext;
pub use once::Once;
pub use query::Find;
pub use reach::Reach;
pub use runtime::Runtime;
pub use settings::Settings;
pub use tx::{Joined, Own, Savepoint, Tx};
pub use worker::{Claims, JobError, Parked, Schedule, ScheduleError, Tick, Worker, WorkerSettings};
pub use workflow_apply::{Applied, ApplyError};
pub use workflow_macros::workflow;
