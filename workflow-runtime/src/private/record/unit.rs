//! A struct without fields, and one around a text.

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use std::fmt::{self, Formatter};

/// As `derive(Deserialize)` does it for a struct without fields.
///
/// # Errors
///
/// What the deserializer says.
pub fn read_unit<'de, D: Deserializer<'de>, T>(from: D, name: &'static str, value: T) -> Result<T, D::Error> {
    from.deserialize_unit_struct(name, Unit(name)).map(|()| value)
}

struct Unit(&'static str);

impl Visitor<'_> for Unit {
    type Value = ();

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "unit struct {}", self.0)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// As `derive(Deserialize)` does it for a struct around a text.
///
/// # Errors
///
/// What the deserializer says.
pub fn read_text<'de, D: Deserializer<'de>, T>(from: D, name: &'static str, made: fn(String) -> T) -> Result<T, D::Error> {
    from.deserialize_newtype_struct(name, Text(name)).map(made)
}

struct Text(&'static str);

impl<'de> Visitor<'de> for Text {
    type Value = String;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "tuple struct {}", self.0)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<String, D::Error> {
        String::deserialize(from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<String, A::Error> {
        let expected = format!("tuple struct {} with 1 element", self.0);
        seq.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &expected.as_str()))
    }
}
