//! A card service, as there are: it fails, it charges and does not say so, and it honours keys.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// The service, with all that it has ever charged.
#[derive(Debug, Default)]
pub struct Cards {
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    calls: u32,
    charges: BTreeMap<String, Charge>,
}

/// What was charged under a key.
#[derive(Debug, Clone)]
pub struct Charge {
    /// For which trip.
    pub trip: Uuid,
    /// How much.
    pub price: i32,
    /// Whether it went back.
    pub is_refunded: bool,
}

/// Why it did not work.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// It will not work the next time either.
    #[error("the card was declined")]
    Declined,
    /// Nobody knows what has happened.
    #[error("the card service does not answer")]
    Silent,
}

impl Cards {
    /// Charges once under a key, however often it is asked; a receipt.
    ///
    /// # Errors
    ///
    /// [`CardError`]. After `Silent` the card may have been charged.
    pub fn charge(&self, key: &str, card: &str, trip: Uuid, price: i32) -> Result<String, CardError> {
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        books.calls += 1;
        if card == "empty" {
            return Err(CardError::Declined);
        }
        if books.calls.is_multiple_of(3) {
            return Err(CardError::Silent);
        }
        books.charges.entry(key.to_owned()).or_insert(Charge { trip, price, is_refunded: false });
        match card == "unlucky" || books.calls.is_multiple_of(4) {
            true => Err(CardError::Silent),
            false => Ok(format!("receipt {}", books.charges.len())),
        }
    }

    /// Gives back whatever was charged for a trip; nothing happens where nothing was, or where it went back already.
    ///
    /// # Errors
    ///
    /// [`CardError::Silent`].
    pub fn refund(&self, trip: Uuid) -> Result<(), CardError> {
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        books.calls += 1;
        let is_silent = books.calls.is_multiple_of(5);
        books.charges.values_mut().filter(|charge| charge.trip == trip).for_each(|charge| charge.is_refunded = true);
        if is_silent { Err(CardError::Silent) } else { Ok(()) }
    }

    /// Everything that was ever charged.
    pub fn charges(&self) -> Vec<Charge> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner).charges.values().cloned().collect()
    }
}
