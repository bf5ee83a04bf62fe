//! The other side of activities and tasks: a ledger outside of the database.

use crate::log::Lines;
use fastrand::Rng;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;
use uuid::Uuid;

/// Writes down what it is asked for. It fails now and then, before or after it has written, and takes its time.
#[derive(Debug)]
pub(crate) struct Partner {
    ledger: Lines,
    random: Mutex<Rng>,
}

/// What was asked for, once a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deed {
    /// The job's key.
    pub(crate) key: String,
    pub(crate) amount: i64,
}

/// The partner is on strike.
#[derive(Debug, thiserror::Error)]
#[error("the partner says no")]
pub(crate) struct Unwilling;

impl Partner {
    pub(crate) fn new(ledger: &Path, seed: u64) -> std::io::Result<Partner> {
        Ok(Partner { ledger: Lines::append(ledger)?, random: Mutex::new(Rng::with_seed(seed)) })
    }

    pub(crate) async fn take(&self, key: &str, amount: i64) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let fate = self.random.lock().map_or(0, |mut random| random.u32(..100));
        if fate < 5 {
            return Err(Unwilling.into());
        }
        self.ledger.write(&format!("{key} {amount}\n"))?;
        match fate {
            5..10 => return Err(Unwilling.into()),
            10..20 => tokio::time::sleep(Duration::from_millis(300)).await,
            _ => {}
        }
        Ok(())
    }
}

impl Deed {
    pub(crate) fn read(line: &str) -> Option<Deed> {
        let (key, amount) = line.split_once(' ')?;
        Some(Deed { key: key.to_owned(), amount: amount.parse().ok()? })
    }
}

/// The same, however often it is asked for under one key.
pub(crate) fn receipt(key: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, key.as_bytes())
}
