//! One call: what is about to be asked, what was answered, and what became of it where that was not known.

use super::Client;
use crate::load::bank::Bank;
use crate::load::workflow::{Account, account};
use crate::log::{Line, Said};
use std::io;
use std::sync::atomic::Ordering;
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::workflow::{Effectless, Fire};
use workflow_runtime::{CommitError, Created, Error, Fired, Runtime};

/// Between two questions, while the database is away.
const PAUSE: Duration = Duration::from_millis(100);

impl Client {
    /// Where the account is now, as far as the answer tells; nothing after a fault.
    pub(super) async fn fire<E>(&self, id: Uuid, label: &str, event: E) -> io::Result<Option<Account>>
    where
        E: Fire<Bank, Workflow = Account>,
        E::To: Into<Account>,
    {
        let (call, bank) = self.begin(&[(id, label)], None)?;
        let fired = bank.fire(id, event).await.map(Into::into);
        self.end(call, id, fired).await
    }

    /// Under a key, and again under the same one, until it is known.
    pub(super) async fn fire_once<E>(&self, id: Uuid, label: &str, key: &str, event: E) -> io::Result<()>
    where
        E: Fire<Bank, Workflow = Account>,
        E::To: Into<Account>,
    {
        let of_event = self.bank.once(key).key_of(&event);
        loop {
            let (call, bank) = self.begin(&[(id, label)], Some(of_event))?;
            let said = match bank.once(key).fire(id, event.clone()).await {
                Ok(Fired::Now(to)) => Said::Ok { version: to.into().version() },
                Ok(Fired::Before(step)) => Said::Before { version: step.version },
                Err(Error::Unknown { key, .. }) => Said::Unknown { key: Some(key) },
                Err(error) => refused(&error),
            };
            let again = matches!(said, Said::Unknown { .. });
            self.say(call, id, said)?;
            if !again {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    pub(super) async fn fire_all<E>(&self, ids: &[Uuid], label: &str, event: E) -> io::Result<()>
    where
        E: Effectless<Workflow = Account>,
        E::To: Into<Account>,
    {
        let steps: Vec<_> = ids.iter().map(|id| (*id, label)).collect();
        let (call, bank) = self.begin(&steps, None)?;
        match bank.fire_all(ids.iter().copied(), event).await {
            Ok(outcomes) => {
                for (id, outcome) in outcomes {
                    self.end(call, id, outcome.map(Into::into)).await?;
                }
            }
            Err(Error::Unknown { key, .. }) => {
                for id in ids {
                    self.resolve(call, *id, key).await?;
                }
            }
            Err(error) => self.say_all(call, ids, || refused(&error))?,
        }
        Ok(())
    }

    pub(super) async fn create(&self, id: Uuid) -> io::Result<Option<Account>> {
        let (call, bank) = self.begin(&[(id, "create")], None)?;
        match bank.create(account::New { id, amount: 0, receipt: None }).await {
            Ok(Created::Existing(existing)) => {
                self.say(call, id, Said::Before { version: 1 })?;
                Ok(Some(existing))
            }
            Ok(Created::New(new)) => self.end(call, id, Ok(new.into())).await,
            Err(error) => self.end(call, id, Err(error)).await,
        }
    }

    /// Two in one transaction of ours: both, or none.
    pub(super) async fn transfer(&self, ids: [Uuid; 2], amount: i64) -> io::Result<()> {
        let (call, bank) = self.begin(&[(ids[0], "withdraw"), (ids[1], "deposit")], None)?;
        match transfer(&bank, ids, amount).await {
            Ok(versions) => {
                for (id, version) in ids.into_iter().zip(versions) {
                    self.say(call, id, Said::Ok { version })?;
                }
            }
            Err(Error::Commit(CommitError::Unknown { key: Some(key), .. })) => {
                self.say_all(call, &ids, || Said::Unknown { key: Some(key) })?;
                // The key is the first step's. What it tells holds for the whole transaction.
                let made = self.ask(ids[0], key).await;
                self.say_all(call, &ids, || Said::Resolved { made })?;
            }
            Err(error) => self.say_all(call, &ids, || refused(&error))?,
        }
        Ok(())
    }

    /// Named, and written down before it begins.
    fn begin(&self, steps: &[(Uuid, &str)], key: Option<Uuid>) -> io::Result<(u64, Runtime<Bank>)> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let intent = |(id, event): &(Uuid, &str)| {
            Line { call, id: *id, said: Said::Intent { event: (*event).to_owned(), key } }.to_string()
        };
        self.log.write(&steps.iter().map(intent).collect::<String>())?;
        Ok((call, self.bank.as_actor(format!("{}.{call}", self.name))))
    }

    async fn end(&self, call: u64, id: Uuid, answer: Result<Account, Error<Account>>) -> io::Result<Option<Account>> {
        match answer {
            Ok(account) => {
                self.say(call, id, Said::Ok { version: account.version() })?;
                return Ok(Some(account));
            }
            Err(Error::Unknown { key, .. }) => self.resolve(call, id, key).await?,
            Err(error) => {
                if let Error::Conflict { actual, .. } = &error
                    && matches!(actual.state, account::State::Closed(_))
                {
                    self.buried(id);
                }
                self.say(call, id, refused(&error))?;
            }
        }
        Ok(None)
    }

    async fn resolve(&self, call: u64, id: Uuid, key: Uuid) -> io::Result<()> {
        self.say(call, id, Said::Unknown { key: Some(key) })?;
        let made = self.ask(id, key).await;
        self.say(call, id, Said::Resolved { made })
    }

    async fn ask(&self, id: Uuid, key: Uuid) -> bool {
        loop {
            match self.bank.outcome::<Account>(id, key).await {
                Ok(made) => return made,
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    fn say_all(&self, call: u64, ids: &[Uuid], said: impl Fn() -> Said) -> io::Result<()> {
        ids.iter().try_for_each(|id| self.say(call, *id, said()))
    }

    fn say(&self, call: u64, id: Uuid, said: Said) -> io::Result<()> {
        self.log.write(&Line { call, id, said }.to_string())
    }
}

fn refused(error: &Error<Account>) -> Said {
    Said::Refused { why: error.to_string() }
}

/// Ids in ascending order are locked first.
async fn transfer(bank: &Runtime<Bank>, ids: [Uuid; 2], amount: i64) -> Result<[i64; 2], Error<Account>> {
    let mut tx = bank.begin().await?;
    tx.lock_all::<Account>(ids).await?;
    let paid = tx.fire(ids[0], account::event::Withdraw { amount }).await?;
    let got = tx.fire(ids[1], account::event::Deposit { amount }).await?;
    tx.commit().await?;
    Ok([paid.version(), got.version()])
}
