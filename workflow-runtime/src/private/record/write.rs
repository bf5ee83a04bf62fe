//! A struct with named fields, written.

use super::Field;
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// What is written of a record.
pub trait Written {
    /// How many fields.
    const COUNT: usize;
    /// By these names.
    #[doc(hidden)]
    fn write<S: SerializeStruct>(&self, names: &[&'static str], to: &mut S) -> Result<(), S::Error>;
}

impl<T: Serialize> Written for Field<&T> {
    const COUNT: usize = 1;

    fn write<S: SerializeStruct>(&self, names: &[&'static str], to: &mut S) -> Result<(), S::Error> {
        names.first().map_or(Ok(()), |name| to.serialize_field(name, self.0))
    }
}

impl<A: Written, B: Written> Written for (A, B) {
    const COUNT: usize = A::COUNT + B::COUNT;

    fn write<S: SerializeStruct>(&self, names: &[&'static str], to: &mut S) -> Result<(), S::Error> {
        let (first, second) = names.split_at_checked(A::COUNT).unwrap_or_default();
        self.0.write(first, to)?;
        self.1.write(second, to)
    }
}

/// As `derive(Serialize)` does it.
///
/// # Errors
///
/// What the serializer says.
pub fn write<S: Serializer, F: Written>(to: S, name: &'static str, names: &[&'static str], fields: F) -> Result<S::Ok, S::Error> {
    let mut record = to.serialize_struct(name, F::COUNT)?;
    fields.write(names, &mut record)?;
    record.end()
}
