//! What goes wrong, and how often.

use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// What may go wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Mishap {
    /// Nothing is done, and the answer is 500.
    Failed,
    /// Nothing is done, and the answer is 429: later.
    Busy,
    /// The process ends before anything is done.
    Crashed,
    /// It is done, and the answer is 500.
    FailedAfter,
    /// It is done, and no answer comes for longer than anybody waits.
    StalledAfter,
    /// It is done, and the connection is closed without an answer.
    HungUpAfter,
    /// It is done, and the process ends before it answers.
    CrashedAfter,
}

impl Mishap {
    /// For a list of how often.
    pub fn words(self) -> &'static str {
        match self {
            Mishap::Failed => "failed",
            Mishap::Busy => "busy",
            Mishap::Crashed => "crashed",
            Mishap::FailedAfter => "done and failed",
            Mishap::StalledAfter => "done and stalled",
            Mishap::HungUpAfter => "done and hung up",
            Mishap::CrashedAfter => "done and crashed",
        }
    }
}

/// Of a thousand requests to the courier.
pub const COURIER: &[(Mishap, u32)] = &[
    (Mishap::Failed, 80),
    (Mishap::Busy, 40),
    (Mishap::Crashed, 3),
    (Mishap::FailedAfter, 60),
    (Mishap::StalledAfter, 20),
    (Mishap::HungUpAfter, 60),
    (Mishap::CrashedAfter, 3),
];

/// Of a thousand requests to the mail service.
pub const MAIL: &[(Mishap, u32)] = &[
    (Mishap::Failed, 60),
    (Mishap::Busy, 30),
    (Mishap::Crashed, 2),
    (Mishap::FailedAfter, 60),
    (Mishap::StalledAfter, 10),
    (Mishap::HungUpAfter, 40),
    (Mishap::CrashedAfter, 3),
];

/// Of a thousand parcels: the courier does not go there, now or ever.
pub const NOWHERE: u32 = 20;

/// Of a thousand parcels: the courier tells twice that it has arrived.
pub const TOLD_TWICE: u32 = 200;

/// Of a thousand mails: it arrives twice.
pub const SENT_TWICE: u32 = 50;

/// Draws from the chances of one service.
#[derive(Debug)]
pub struct Fate {
    seed: u64,
    random: Mutex<fastrand::Rng>,
    chances: &'static [(Mishap, u32)],
}

impl Fate {
    /// The same seed draws the same. `start` is how often the process was started before: one that crashed draws anew.
    pub fn of(chances: &'static [(Mishap, u32)], seed: u64, start: u64) -> Self {
        let random = fastrand::Rng::with_seed(seed.wrapping_add(start.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        Fate { seed, random: Mutex::new(random), chances }
    }

    /// Nothing ever goes wrong.
    pub fn kind() -> Self {
        Fate::of(&[], 0, 0)
    }

    pub(super) fn draw(&self) -> Option<Mishap> {
        let mut drawn = self.below(1000);
        for (mishap, chance) in self.chances {
            if drawn < *chance {
                return Some(*mishap);
            }
            drawn -= chance;
        }
        None
    }

    /// Whether something happens that does so once in a while, where anything may go wrong at all.
    pub(super) fn happens(&self, of_a_thousand: u32) -> bool {
        !self.chances.is_empty() && self.below(1000) < of_a_thousand
    }

    /// The same, but decided by a key, for ever.
    pub(super) fn is_decided(&self, key: &str, of_a_thousand: u32) -> bool {
        let seed = key.bytes().fold(self.seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        !self.chances.is_empty() && fastrand::Rng::with_seed(seed).u32(..1000) < of_a_thousand
    }

    pub(super) fn below(&self, end: u32) -> u32 {
        self.random.lock().unwrap_or_else(PoisonError::into_inner).u32(..end)
    }
}
