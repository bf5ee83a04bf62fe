//! The application of the scenarios.

use crate::workflows::accounts::account::{self, Account, Open};
use crate::workflows::parcels::parcel::{self, FindCourier, Packed, Parcel};
use sqlx::PgConnection;
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;
use uuid::Uuid;
use workflow_runtime::{BoxError, Job};

type Hook = Box<dyn Fn() + Send + Sync>;

/// Books each effect as a row, and then does what a scenario wants done.
#[derive(Default)]
pub(crate) struct App {
    /// SQL whose error is swallowed.
    pub(crate) careless: &'static str,
    /// SQL whose error is passed on.
    pub(crate) careful: &'static str,
    /// Called at the end of the next effect: what the runtime sends then is COMMIT.
    pub(crate) last: Mutex<Option<Hook>>,
    pub(crate) courier: Arc<Courier>,
}

/// Tells that it was asked, and answers when it is let.
pub(crate) struct Courier {
    /// One permit a call.
    pub(crate) asked: Semaphore,
    pub(crate) gate: Semaphore,
    pub(crate) refuses: bool,
}

impl Default for Courier {
    fn default() -> Self {
        Courier { asked: Semaphore::new(0), gate: Semaphore::new(Semaphore::MAX_PERMITS), refuses: false }
    }
}

impl App {
    pub(crate) fn at_the_end(hook: impl Fn() + Send + Sync + 'static) -> App {
        App { last: Mutex::new(Some(Box::new(hook))), ..App::default() }
    }

    pub(crate) fn with(courier: Arc<Courier>) -> App {
        App { courier, ..App::default() }
    }

    async fn enter(&self, tx: &mut PgConnection, of: Uuid) -> Result<(), BoxError> {
        sqlx::query("INSERT INTO bookings VALUES ($1)").bind(of).execute(&mut *tx).await?;
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

impl account::Effects for App {
    type Error = BoxError;

    async fn book(
        &self,
        tx: &mut PgConnection,
        was: &Account<Open>,
        _: &Account<Open>,
        _: &account::event::Post,
    ) -> Result<(), BoxError> {
        self.enter(tx, was.id).await
    }
}

impl parcel::Effects for App {
    type Error = BoxError;

    async fn mark(
        &self,
        tx: &mut PgConnection,
        was: &Parcel<Packed>,
        _: &Parcel<parcel::Refused>,
        _: &parcel::event::Refuse,
    ) -> Result<(), BoxError> {
        self.enter(tx, was.id).await
    }
}

impl parcel::Work for App {
    async fn find_courier(&self, _: Parcel<Packed>, _: &Job) -> Result<FindCourier, BoxError> {
        self.courier.asked.add_permits(1);
        self.courier.gate.acquire().await?.forget();
        Ok(if self.courier.refuses { parcel::event::Refuse.into() } else { parcel::event::Book.into() })
    }
}
