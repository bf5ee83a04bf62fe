//! What a task does next, by chance.

use super::Client;
use crate::load::workflow::{Account, account};
use fastrand::Rng;
use std::collections::BTreeSet;
use std::io;
use std::time::Duration;
use uuid::Uuid;

/// After a fault, so that a server that is away is not asked by everybody at once.
const PAUSE: Duration = Duration::from_millis(50);

/// Steps that are made with one account before another one is taken.
const STEPS: usize = 12;

/// Versions after which an account is closed: each step looks for its key among all that were made before.
const OLD: i64 = 250;

/// So many versions of an account have one key in common: who comes at the same time comes under the same one.
const SHARED: i64 = 16;

impl Client {
    /// Once through some steps of one account, or one step of many.
    pub(super) async fn round(&self, random: &mut Rng) -> io::Result<()> {
        match random.u32(..100) {
            0..35 => self.many(random).await,
            35..40 => self.transfer(self.two(random), random.i64(1..100)).await,
            _ => self.one(random).await,
        }
    }

    async fn many(&self, random: &mut Rng) -> io::Result<()> {
        let ids: BTreeSet<Uuid> = (0..self.load.together).map(|_| self.any(random)).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        self.fire_all(&ids, "rest", account::event::Rest).await?;
        self.fire_all(&ids, "wake", account::event::Wake).await?;
        self.fire_all(&ids, "renew", account::event::Renew).await?;
        self.fire_all(&ids, "withdraw", account::event::Withdraw { amount: random.i64(1..100) }).await
    }

    async fn one(&self, random: &mut Rng) -> io::Result<()> {
        let id = self.any(random);
        let mut told = self.create(id).await?;
        if told.is_none() {
            tokio::time::sleep(PAUSE).await;
        }
        for _ in 0..STEPS {
            let Some(account) = told else { break };
            told = self.step(account, random).await?;
        }
        Ok(())
    }

    /// One that is at work for itself is left alone, most of the time.
    async fn step(&self, at: Account, random: &mut Rng) -> io::Result<Option<Account>> {
        let (id, amount) = (at.id, random.i64(1..100));
        match at.state {
            account::State::Open(_) => self.open(&at, random).await,
            account::State::Closed(_) => {
                self.buried(id);
                Ok(None)
            }
            account::State::Resting(_) => match random.u32(..4) {
                0 => Ok(None),
                _ => self.fire(id, "wake", account::event::Wake).await,
            },
            // Not possible: whoever asks is told so.
            _ if random.u32(..10) == 0 => self.fire(id, "deposit", account::event::Deposit { amount }).await,
            _ => Ok(None),
        }
    }

    async fn open(&self, at: &Account, random: &mut Rng) -> io::Result<Option<Account>> {
        let (id, amount) = (at.id, random.i64(1..100));
        if at.version() > OLD {
            return self.fire(id, "close", account::event::Close).await;
        }
        match random.u32(..100) {
            0..30 => self.fire(id, "deposit", account::event::Deposit { amount }).await,
            30..60 => self.fire(id, "withdraw", account::event::Withdraw { amount }).await,
            60..72 => self.fire(id, "renew", account::event::Renew).await,
            72..84 => self.fire(id, "rest", account::event::Rest).await,
            84..90 => self.twice(at, random).await.map(|()| None),
            90..92 => self.fire(id, "hold", account::event::Hold { sum: amount }).await,
            92..95 => self.fire(id, "charge", account::event::Charge { price: amount }).await,
            95..98 => self.fire(id, "pay", account::event::Pay { price: amount }).await,
            98 => self.fire(id, "split", account::event::Split).await,
            _ => self.fire(id, "close", account::event::Close).await,
        }
    }

    /// The same thing under the same key, twice, as whoever delivers at least once would; and others do it at the same time.
    async fn twice(&self, at: &Account, random: &mut Rng) -> io::Result<()> {
        let (id, key) = (at.id, (at.version() / SHARED).to_string());
        match random.bool() {
            true => {
                self.fire_once(id, "renew", &key, account::event::Renew).await?;
                self.fire_once(id, "renew", &key, account::event::Renew).await
            }
            false => {
                let deposit = account::event::Deposit { amount: random.i64(1..100) };
                self.fire_once(id, "deposit", &key, deposit.clone()).await?;
                self.fire_once(id, "deposit", &key, deposit).await
            }
        }
    }

    fn any(&self, random: &mut Rng) -> Uuid {
        self.living(random.usize(..self.load.accounts))
    }

    fn two(&self, random: &mut Rng) -> [Uuid; 2] {
        let first = random.usize(..self.load.accounts - 1);
        [first, random.usize(first + 1..self.load.accounts)].map(|account| self.living(account))
    }
}
