//! One scene a promise.

pub(crate) mod crash;
pub(crate) mod crowd;
pub(crate) mod no_stock;
pub(crate) mod placed;
pub(crate) mod race;
pub(crate) mod raw_sql;
pub(crate) mod storm;

/// Why the example ends with 1.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A scene's title.
pub(crate) fn title(number: u32, text: &str) {
    println!("\n{number}. {text}");
}

/// What a scene shows must be so; else the example has failed.
pub(crate) fn expect(holds: bool, what: &str) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(format!("MISMATCH: expected that {what}").into()) }
}
