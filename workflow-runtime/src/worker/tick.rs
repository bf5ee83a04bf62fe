//! One time at which a schedule creates.

use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;

/// A time of a [`Schedule`](crate::Schedule), for which an instance is created once.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tick {
    /// The schedule's name.
    pub schedule: String,
    /// The time by the expression. A worker may come to it later.
    pub at: DateTime<Utc>,
    /// Up to where the schedule had come before: the tick that was made last, or when the schedule was seen first. Ticks between the two
    /// were missed and passed over.
    pub previous: DateTime<Utc>,
}

/// The name space of [`Tick::id`].
const SPACE: Uuid = Uuid::from_u128(0x3f1b_0c7e_6d2a_4e0b_9a55_c1f2_8e04_7b6d);

impl Tick {
    /// An id for what is created: made of the schedule's name and the time, and so always the same for a tick.
    pub fn id(&self) -> Uuid {
        let at = self.at.to_rfc3339_opts(SecondsFormat::Micros, true);
        Uuid::new_v5(&SPACE, format!("{at} {}", self.schedule).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticks_id_is_its_own_and_stays() {
        let at = DateTime::from_timestamp(1_772_344_800, 0).unwrap();
        let of = |schedule: &str, at| Tick { schedule: schedule.to_owned(), at, previous: DateTime::UNIX_EPOCH }.id();
        assert_eq!(of("monthly", at).to_string(), "b003a1ed-70a4-53c3-b883-104f7f37a96e");
        assert_ne!(of("monthly", at), of("weekly", at));
        assert_ne!(of("monthly", at), of("monthly", at + chrono::TimeDelta::hours(1)));
    }
}
