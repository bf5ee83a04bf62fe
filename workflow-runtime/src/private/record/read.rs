//! A struct, read.

use super::Field;
use super::missing::missing;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, Expected, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt::{self, Formatter};
use std::marker::PhantomData;

/// The fields of a record, as they are read.
pub trait Fields<'de>: Sized {
    /// How many.
    const COUNT: usize;
    /// Those that were read so far.
    type Slots: Default;
    /// What a map says of the field with this number.
    #[doc(hidden)]
    fn fill<A: MapAccess<'de>>(slots: &mut Self::Slots, at: usize, name: &'static str, map: &mut A) -> Result<(), A::Error>;
    /// From what a map has said.
    #[doc(hidden)]
    fn whole<E: Error>(slots: Self::Slots, names: &[&'static str]) -> Result<Self, E>;
    /// One after the other, the first of them with this number.
    #[doc(hidden)]
    fn in_order<A: SeqAccess<'de>>(seq: &mut A, at: usize, all: &dyn Expected) -> Result<Self, A::Error>;
}

impl<'de, T: Deserialize<'de>> Fields<'de> for Field<T> {
    const COUNT: usize = 1;
    type Slots = Option<T>;

    fn fill<A: MapAccess<'de>>(slot: &mut Option<T>, _: usize, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        if slot.is_some() {
            return Err(A::Error::duplicate_field(name));
        }
        *slot = Some(map.next_value()?);
        Ok(())
    }

    fn whole<E: Error>(slot: Option<T>, names: &[&'static str]) -> Result<Self, E> {
        slot.map_or_else(|| missing(names.first().copied().unwrap_or_default()), Ok).map(Field)
    }

    fn in_order<A: SeqAccess<'de>>(seq: &mut A, at: usize, all: &dyn Expected) -> Result<Self, A::Error> {
        seq.next_element()?.map(Field).ok_or_else(|| A::Error::invalid_length(at, all))
    }
}

impl<'de, F: Fields<'de>, G: Fields<'de>> Fields<'de> for (F, G) {
    const COUNT: usize = F::COUNT + G::COUNT;
    type Slots = (F::Slots, G::Slots);

    fn fill<A: MapAccess<'de>>(slots: &mut Self::Slots, at: usize, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        match at.checked_sub(F::COUNT) {
            None => F::fill(&mut slots.0, at, name, map),
            Some(at) => G::fill(&mut slots.1, at, name, map),
        }
    }

    fn whole<E: Error>(slots: Self::Slots, names: &[&'static str]) -> Result<Self, E> {
        let (first, second) = names.split_at_checked(F::COUNT).unwrap_or_default();
        Ok((F::whole(slots.0, first)?, G::whole(slots.1, second)?))
    }

    fn in_order<A: SeqAccess<'de>>(seq: &mut A, at: usize, all: &dyn Expected) -> Result<Self, A::Error> {
        Ok((F::in_order(seq, at, all)?, G::in_order(seq, at + F::COUNT, all)?))
    }
}

/// As `derive(Deserialize)` does it.
///
/// # Errors
///
/// What the deserializer says, or that a field is missing or comes twice. One that is not known is passed over.
pub fn read<'de, D: Deserializer<'de>, F: Fields<'de>>(
    from: D,
    name: &'static str,
    names: &'static [&'static str],
) -> Result<F, D::Error> {
    from.deserialize_struct(name, names, Record { name, names, fields: PhantomData })
}

struct Record<F> {
    name: &'static str,
    names: &'static [&'static str],
    fields: PhantomData<F>,
}

impl<'de, F: Fields<'de>> Visitor<'de> for Record<F> {
    type Value = F;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", self.name)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<F, A::Error> {
        F::in_order(&mut seq, 0, &Elements { name: self.name, count: F::COUNT })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<F, A::Error> {
        let mut slots = F::Slots::default();
        while let Some(at) = map.next_key_seed(Key(self.names))? {
            match self.names.get(at) {
                Some(name) => F::fill(&mut slots, at, name, &mut map)?,
                None => map.next_value::<IgnoredAny>().map(|_| ())?,
            }
        }
        F::whole(slots, self.names)
    }
}

struct Elements {
    name: &'static str,
    count: usize,
}

impl Expected for Elements {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "struct {} with {} element{}", self.name, self.count, if self.count == 1 { "" } else { "s" })
    }
}

/// The number of a field, from its name or its number; another one for what is no field.
struct Key(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<usize, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = usize;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("field identifier")
    }

    fn visit_u64<E: Error>(self, at: u64) -> Result<usize, E> {
        Ok(usize::try_from(at).unwrap_or(usize::MAX))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        self.visit_bytes(name.as_bytes())
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<usize, E> {
        Ok(self.0.iter().position(|field| field.as_bytes() == name).unwrap_or(usize::MAX))
    }
}
