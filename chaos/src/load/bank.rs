//! The application: an entry for each step that has an effect, in the step's own transaction, and a partner outside.

use super::workflow::account::{self, Charging, Held, Open, Paying, Resting, Split};
use super::workflow::{Account, part};
use crate::partner::{Partner, receipt};
use sqlx::PgConnection;
use uuid::Uuid;
use workflow_runtime::{BoxError, Job, Runtime};

/// What a split makes of an account.
pub(crate) const PARTS: usize = 2;

/// The bank. Whoever only fires needs no partner.
#[derive(Debug, Default)]
pub(crate) struct Bank {
    partner: Option<Partner>,
}

/// There is work, and nobody to give it to.
#[derive(Debug, thiserror::Error)]
#[error("this bank has no partner")]
struct Alone;

impl Bank {
    pub(crate) fn with(partner: Partner) -> Bank {
        Bank { partner: Some(partner) }
    }

    async fn ask(&self, job: &Job, amount: i64) -> Result<Uuid, BoxError> {
        let partner = self.partner.as_ref().ok_or(Alone)?;
        partner.take(&job.key, amount).await?;
        Ok(receipt(&job.key))
    }
}

impl account::Effects for Bank {
    type Error = BoxError;

    async fn open_total(&self, tx: &mut PgConnection, after: &Account<Open>, _: &account::New) -> Result<(), BoxError> {
        sqlx::query("INSERT INTO totals (account) VALUES ($1)").bind(after.id).execute(tx).await?;
        Ok(())
    }

    async fn enter(
        &self,
        tx: &mut PgConnection,
        _: &Account<Open>,
        after: &Account<Open>,
        event: &account::event::Deposit,
    ) -> Result<(), BoxError> {
        enter(tx, after, "deposit", event.amount).await
    }

    async fn enter_sleep(
        &self,
        tx: &mut PgConnection,
        _: &Account<Resting>,
        after: &Account<Open>,
        _: &account::event::Oversleep,
    ) -> Result<(), BoxError> {
        enter(tx, after, "oversleep", 1).await
    }

    async fn enter_payment(
        &self,
        tx: &mut PgConnection,
        before: &Account<Paying>,
        after: &Account<Open>,
        _: &account::event::Paid,
    ) -> Result<(), BoxError> {
        enter(tx, after, "paid", -before.state.price).await
    }

    async fn make_parts(
        &self,
        tx: &mut PgConnection,
        _: &Account<Open>,
        after: &Account<Split>,
        _: &account::event::Split,
    ) -> Result<(), BoxError> {
        let mut tx = Runtime::within(self, tx)?;
        for part in 0..PARTS {
            tx.create(part::New { id: part_id(after.id, after.version(), part), account_id: after.id }).await?;
        }
        Ok(())
    }
}

impl account::Work for Bank {
    async fn take_charge(&self, account: Account<Charging>, job: &Job) -> Result<account::TakeCharge, BoxError> {
        let receipt = Some(self.ask(job, account.state.price).await?);
        Ok(account::event::Charged { receipt }.into())
    }

    async fn send_payment(&self, account: Account<Paying>, job: &Job) -> Result<account::SendPayment, BoxError> {
        let receipt = Some(self.ask(job, account.state.price).await?);
        Ok(account::event::Paid { receipt }.into())
    }

    async fn tell_holder(&self, account: Account<Held>, job: &Job) -> Result<(), BoxError> {
        self.ask(job, account.state.sum).await?;
        Ok(())
    }
}

/// Told by the account and the version that split it.
pub(crate) fn part_id(account: Uuid, version: i64, part: usize) -> Uuid {
    Uuid::new_v5(&account, format!("{version}/{part}").as_bytes())
}

async fn enter<S>(tx: &mut PgConnection, after: &Account<S>, event: &str, amount: i64) -> Result<(), BoxError> {
    sqlx::query("INSERT INTO entries (account, version, event, amount) VALUES ($1, $2, $3, $4)")
        .bind(after.id)
        .bind(after.version())
        .bind(event)
        .bind(amount)
        .execute(&mut *tx)
        .await?;
    sqlx::query("UPDATE totals SET balance = balance + $2, entries = entries + 1 WHERE account = $1")
        .bind(after.id)
        .bind(amount)
        .execute(tx)
        .await?;
    Ok(())
}
