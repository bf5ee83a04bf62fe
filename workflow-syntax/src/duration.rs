//! Counts and durations: how far the parser lets them go, and what lowering makes of them.

use proc_macro2::Ident;
use syn::LitInt;

/// A unit in the singular and the plural, and its seconds.
pub(crate) const UNITS: [(&str, &str, u64); 4] =
    [("second", "seconds", 1), ("minute", "minutes", 60), ("hour", "hours", 3_600), ("day", "days", 86_400)];

/// 10,000 years in seconds: far inside PostgreSQL's calendar, which ends in the year 294276.
pub(crate) const LONGEST: u64 = 3_652_425 * 86_400;

/// The most failures that can be waited for; the database counts them in an `integer`.
pub(crate) const MOST: u32 = 1_000_000;

/// The length of `30 minutes`. None when it does not fit, or the unit is none.
pub(crate) fn seconds(count: &LitInt, unit: &Ident) -> Option<u64> {
    let (.., length) = UNITS.iter().find(|(one, many, _)| unit == one || unit == many)?;
    count.base10_digits().parse::<u64>().ok()?.checked_mul(*length)
}
