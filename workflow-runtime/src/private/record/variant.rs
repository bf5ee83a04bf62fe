//! An enum, read: of variants with one value each, or with none.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, Unexpected, VariantAccess, Visitor};
use std::fmt::{self, Formatter};
use std::marker::PhantomData;

/// An enum that can be read.
pub trait Variants<'de>: Sized {
    /// `Event`
    const NAME: &'static str;
    /// How variants may be spelled.
    const SPELLINGS: &'static [&'static str];
    /// How many spellings each variant has, in their order.
    const EACH: &'static [usize];
    /// The value of the variant with this number.
    #[doc(hidden)]
    fn read<A: VariantAccess<'de>>(at: usize, variant: A) -> Result<Self, A::Error>;
}

/// As `derive(Deserialize)` does it.
///
/// # Errors
///
/// What the deserializer says, or that there is no such variant.
pub fn read_variant<'de, D: Deserializer<'de>, V: Variants<'de>>(from: D) -> Result<V, D::Error> {
    from.deserialize_enum(V::NAME, V::SPELLINGS, Enum(PhantomData))
}

/// A variant with a value.
///
/// # Errors
///
/// What the deserializer says.
pub fn with_value<'de, A: VariantAccess<'de>, T: Deserialize<'de>, V>(variant: A, made: fn(T) -> V) -> Result<V, A::Error> {
    variant.newtype_variant().map(made)
}

/// A variant without one.
///
/// # Errors
///
/// What the deserializer says.
pub fn without_value<'de, A: VariantAccess<'de>, V>(variant: A, value: V) -> Result<V, A::Error> {
    variant.unit_variant().map(|()| value)
}

struct Enum<V>(PhantomData<V>);

impl<'de, V: Variants<'de>> Visitor<'de> for Enum<V> {
    type Value = V;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "enum {}", V::NAME)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V, A::Error> {
        let (at, variant) = data.variant_seed(Spelling { all: V::SPELLINGS, each: V::EACH })?;
        V::read(at, variant)
    }
}

/// The number of a variant, from a spelling or its number.
struct Spelling {
    all: &'static [&'static str],
    each: &'static [usize],
}

impl Spelling {
    /// The variant of the spelling with this number.
    fn variant(&self, spelling: usize) -> usize {
        let mut left = spelling;
        let is_past = |many: &&usize| left.checked_sub(**many).map(|rest| left = rest).is_some();
        self.each.iter().take_while(is_past).count()
    }
}

impl<'de> DeserializeSeed<'de> for Spelling {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<usize, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Spelling {
    type Value = usize;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("variant identifier")
    }

    fn visit_u64<E: Error>(self, at: u64) -> Result<usize, E> {
        let known = usize::try_from(at).ok().filter(|at| *at < self.each.len());
        let expected = format!("variant index 0 <= i < {}", self.each.len());
        known.ok_or_else(|| E::invalid_value(Unexpected::Unsigned(at), &expected.as_str()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<usize, E> {
        let known = self.all.iter().position(|spelling| *spelling == text).map(|spelling| self.variant(spelling));
        known.ok_or_else(|| E::unknown_variant(text, self.all))
    }

    fn visit_bytes<E: Error>(self, text: &[u8]) -> Result<usize, E> {
        self.visit_str(&String::from_utf8_lossy(text))
    }
}
