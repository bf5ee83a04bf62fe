//! How generated types are written and read by serde: what derives would say for each of them, said once.
//!
//! A derive costs the user's compiler more than everything else that a state or an event is made of. In every format these do
//! what the derives do, and say the same of what is wrong.

mod missing;
mod read;
#[cfg(test)]
mod tests;
mod unit;
mod variant;
mod write;

pub use read::{Fields, read};
pub use unit::{read_text, read_unit};
pub use variant::{Variants, read_variant, with_value, without_value};
pub use write::{Written, write};

/// A field of a record. Several are pairs of pairs, so that a hundred of them are no deep type.
#[derive(Debug)]
pub struct Field<T>(pub T);
