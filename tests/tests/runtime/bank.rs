//! The workflow that these tests move, and the application behind it.

use self::account::{Closed, Live, Open, event};
use self::parcel::Made;
use sqlx::PgConnection;
use std::fmt;
use std::sync::Mutex;
use uuid::Uuid;

workflow_tests::declared! {
    /// Something that is posted to, again and again.
    pub workflow Account in accounts {
        id: Uuid,
        balance: i32,

        states {
            initial Open,
            Held { by: String },
            final Closed { reason: String },
        }

        groups {
            Live = Open | Held,
        }

        transitions {
            touch: Open,
            deposit(balance: i32): Open if sql "NEW.balance >= 0",
            hold(by: String): Open -> Held then tell,
            free: Held -> Open,
            post: Open with book,
            close(reason: String): Live -> Closed with seal then tell,
        }
    }
}

/// A creation with an effect.
pub mod shipping {
    use uuid::Uuid;

    workflow_tests::declared! {
        /// Something whose making is booked too.
        pub workflow Parcel in parcels {
            id: Uuid,

            states { initial Made, final Sent }

            transitions {
                create: -> Made with enter,
                send: Made -> Sent,
            }
        }
    }
}
pub use shipping::{Parcel, parcel};

/// What the application has beside its workflows.
pub const TABLES: &str = "
    CREATE TABLE bookings (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account uuid NOT NULL);
    CREATE TABLE at_commit (id integer PRIMARY KEY DEFERRABLE INITIALLY DEFERRED);
    CREATE TABLE marks (mark uuid PRIMARY KEY);
    INSERT INTO at_commit VALUES (1);";

type Hook = Box<dyn Fn() + Send + Sync>;

/// Books each posting and closing as a row, and then does what a test wants done.
#[derive(Default)]
pub struct Bank {
    /// SQL whose error is swallowed.
    pub careless: &'static str,
    /// SQL whose error is passed on.
    pub careful: &'static str,
    /// Called at the effect's end: what the runtime sends next is COMMIT.
    pub last: Mutex<Option<Hook>>,
}

impl fmt::Debug for Bank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bank").field("careless", &self.careless).finish_non_exhaustive()
    }
}

/// Why a posting is refused.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(#[from] pub sqlx::Error);

impl Bank {
    /// Calls it once, at the end of the next effect.
    pub fn at_the_end(hook: impl Fn() + Send + Sync + 'static) -> Bank {
        Bank { last: Mutex::new(Some(Box::new(hook))), ..Bank::default() }
    }

    async fn enter(&self, tx: &mut PgConnection, account: Uuid) -> Result<(), Refused> {
        sqlx::query("INSERT INTO bookings (account) VALUES ($1)")
            .bind(account)
            .persistent(!crate::POOLED)
            .execute(&mut *tx)
            .await?;
        let _ = sqlx::raw_sql(self.careless).execute(&mut *tx).await;
        if !self.careful.is_empty() {
            sqlx::raw_sql(self.careful).execute(&mut *tx).await?;
        }
        if let Some(hook) = self.last.lock().expect("no panic").take() {
            hook();
        }
        Ok(())
    }
}

impl account::Effects for Bank {
    type Error = Refused;

    async fn book(&self, tx: &mut PgConnection, was: &Account<Open>, _: &Account<Open>, _: &event::Post) -> Result<(), Refused> {
        self.enter(tx, was.id).await
    }

    async fn seal(&self, tx: &mut PgConnection, _: &Live, is: &Account<Closed>, _: &event::Close) -> Result<(), Refused> {
        self.enter(tx, is.id).await
    }
}

impl parcel::Effects for Bank {
    type Error = Refused;

    async fn enter(&self, tx: &mut PgConnection, is: &Parcel<Made>, _: &parcel::New) -> Result<(), Refused> {
        Bank::enter(self, tx, is.id).await
    }
}
