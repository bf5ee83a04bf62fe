//! Whatever is read or written, it is as the derives do it, and what is wrong is said in their words.

use super::{Field, Variants, read, read_text, read_unit, read_variant, with_value, without_value, write};
use serde::de::value::{Error as Plain, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer, VariantAccess};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt::Debug;

mod derived {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Serialize, Deserialize)]
    pub(super) struct Reserve {
        pub(super) warehouse: String,
        pub(super) until: Option<i64>,
        pub(super) many: i32,
    }

    #[derive(Debug, Serialize, Deserialize)]
    pub(super) struct Ship {
        pub(super) tracking: String,
    }

    #[derive(Debug, Serialize, Deserialize)]
    pub(super) struct Cancel;

    #[derive(Debug, Serialize, Deserialize)]
    pub(super) struct Unknown(pub(super) String);

    #[derive(Debug, Serialize, Deserialize)]
    pub(super) enum Event {
        #[serde(rename = "reserve", alias = "book", alias = "set_aside")]
        Reserve(Reserve),
        #[serde(rename = "ship")]
        Ship(Ship),
        #[serde(rename = "cancel", alias = "abort")]
        Cancel(Cancel),
    }

    #[derive(Debug, Serialize, Deserialize)]
    pub(super) enum Label {
        #[serde(rename = "placed", alias = "new")]
        Placed,
        #[serde(rename = "gone")]
        Gone,
    }
}

/// What the macro writes.
mod ours {
    use super::*;

    #[derive(Debug)]
    pub(super) struct Reserve {
        warehouse: String,
        until: Option<i64>,
        many: i32,
    }

    impl Serialize for Reserve {
        fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
            let fields = (Field(&self.warehouse), (Field(&self.until), Field(&self.many)));
            write(to, "Reserve", &["warehouse", "until", "many"], fields)
        }
    }

    impl<'de> Deserialize<'de> for Reserve {
        fn deserialize<T: Deserializer<'de>>(from: T) -> Result<Self, T::Error> {
            let (Field(warehouse), (Field(until), Field(many))) = read(from, "Reserve", &["warehouse", "until", "many"])?;
            Ok(Self { warehouse, until, many })
        }
    }

    #[derive(Debug)]
    pub(super) struct Ship {
        tracking: String,
    }

    impl Serialize for Ship {
        fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
            write(to, "Ship", &["tracking"], Field(&self.tracking))
        }
    }

    impl<'de> Deserialize<'de> for Ship {
        fn deserialize<T: Deserializer<'de>>(from: T) -> Result<Self, T::Error> {
            let Field(tracking) = read(from, "Ship", &["tracking"])?;
            Ok(Self { tracking })
        }
    }

    #[derive(Debug)]
    pub(super) struct Cancel;

    impl Serialize for Cancel {
        fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
            to.serialize_unit_struct("Cancel")
        }
    }

    impl<'de> Deserialize<'de> for Cancel {
        fn deserialize<T: Deserializer<'de>>(from: T) -> Result<Self, T::Error> {
            read_unit(from, "Cancel", Self)
        }
    }

    #[derive(Debug)]
    pub(super) struct Unknown(String);

    impl Serialize for Unknown {
        fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
            to.serialize_newtype_struct("Unknown", &self.0)
        }
    }

    impl<'de> Deserialize<'de> for Unknown {
        fn deserialize<T: Deserializer<'de>>(from: T) -> Result<Self, T::Error> {
            read_text(from, "Unknown", Self)
        }
    }

    #[derive(Debug)]
    pub(super) enum Event {
        Reserve(Reserve),
        Ship(Ship),
        Cancel(Cancel),
    }

    impl Serialize for Event {
        fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
            match self {
                Self::Reserve(value) => to.serialize_newtype_variant("Event", 0, "reserve", value),
                Self::Ship(value) => to.serialize_newtype_variant("Event", 1, "ship", value),
                Self::Cancel(value) => to.serialize_newtype_variant("Event", 2, "cancel", value),
            }
        }
    }

    impl<'de> Variants<'de> for Event {
        const NAME: &'static str = "Event";
        const SPELLINGS: &'static [&'static str] = &["book", "reserve", "set_aside", "ship", "abort", "cancel"];
        const EACH: &'static [usize] = &[3, 1, 2];

        fn read<A: VariantAccess<'de>>(at: usize, variant: A) -> Result<Self, A::Error> {
            match at {
                0 => with_value(variant, Self::Reserve),
                1 => with_value(variant, Self::Ship),
                _ => with_value(variant, Self::Cancel),
            }
        }
    }

    impl<'de> Deserialize<'de> for Event {
        fn deserialize<T: Deserializer<'de>>(from: T) -> Result<Self, T::Error> {
            read_variant(from)
        }
    }

    #[derive(Debug)]
    pub(super) enum Label {
        Placed,
        Gone,
    }

    impl Serialize for Label {
        fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
            let (at, label) = match self {
                Self::Placed => (0, "placed"),
                Self::Gone => (1, "gone"),
            };
            to.serialize_unit_variant("Label", at, label)
        }
    }

    impl<'de> Variants<'de> for Label {
        const NAME: &'static str = "Label";
        const SPELLINGS: &'static [&'static str] = &["new", "placed", "gone"];
        const EACH: &'static [usize] = &[2, 1];

        fn read<A: VariantAccess<'de>>(at: usize, variant: A) -> Result<Self, A::Error> {
            match at {
                0 => without_value(variant, Self::Placed),
                _ => without_value(variant, Self::Gone),
            }
        }
    }

    impl<'de> Deserialize<'de> for Label {
        fn deserialize<T: Deserializer<'de>>(from: T) -> Result<Self, T::Error> {
            read_variant(from)
        }
    }
}

/// Both say the same of a text, and both write again the same.
#[track_caller]
fn same<D: DeserializeOwned + Serialize + Debug, O: DeserializeOwned + Serialize + Debug>(text: &str) {
    let said = |error: serde_json::Error| error.to_string();
    let derived = serde_json::from_str::<D>(text).map(|it| (format!("{it:?}"), serde_json::to_string(&it).ok()));
    let ours = serde_json::from_str::<O>(text).map(|it| (format!("{it:?}"), serde_json::to_string(&it).ok()));
    assert_eq!(ours.map_err(said), derived.map_err(said), "{text}");
}

const RECORDS: [&str; 16] = [
    r#"{"warehouse": "north", "until": 7, "many": 3}"#,
    r#"{"many": 3, "warehouse": "north"}"#,
    r#"{"warehouse": "north", "until": null, "many": 3, "more": [{}]}"#,
    r#"{"warehouse": "north", "warehouse": "south", "many": 3}"#,
    r#"{"warehouse": "north", "until": 7, "until": 8, "many": 3}"#,
    r#"{"warehouse": "north"}"#,
    r#"{"many": 3}"#,
    r#"{"warehouse": 1, "many": 3}"#,
    "{}",
    r#"["north", 7, 3]"#,
    r#"["north", null]"#,
    r#"["north", null, 3, 4]"#,
    "[]",
    "null",
    "\"north\"",
    r#"{"warehouse": "north", "#,
];

const OTHERS: [&str; 15] = [
    r#"{"tracking": "x"}"#,
    r#"["x"]"#,
    "[]",
    "[1]",
    "null",
    "1",
    "\"x\"",
    r#"{"reserve": {"warehouse": "north", "many": 3}}"#,
    r#"{"book": ["north", 7, 3]}"#,
    r#"{"set_aside": {}}"#,
    r#"{"ship": {"tracking": "x"}, "cancel": null}"#,
    r#"{"abort": null}"#,
    r#"{"cancel": {}}"#,
    "\"cancel\"",
    r#"{"lose": null}"#,
];

#[test]
fn a_record_is_read_and_written_as_by_derives() {
    for text in RECORDS.iter().chain(&OTHERS) {
        same::<derived::Reserve, ours::Reserve>(text);
        same::<derived::Ship, ours::Ship>(text);
        same::<derived::Cancel, ours::Cancel>(text);
        same::<derived::Unknown, ours::Unknown>(text);
    }
}

#[test]
fn an_enum_is_read_and_written_as_by_derives() {
    for text in RECORDS.iter().chain(&OTHERS).chain(&["\"placed\"", "\"new\"", "\"gone\"", "\"lost\"", r#"{"gone": 1}"#]) {
        same::<derived::Event, ours::Event>(text);
        same::<derived::Label, ours::Label>(text);
    }
}

/// Formats that say numbers or bytes instead of names.
#[test]
fn numbers_and_bytes_name_fields_and_variants_as_with_derives() {
    for at in [0_u64, 1, 2, 9] {
        let map = || MapDeserializer::<_, Plain>::new([(at, 5_i32), (2, 3)].into_iter());
        let said = |error: Plain| error.to_string();
        let derived = derived::Reserve::deserialize(map()).map(|it| format!("{it:?}")).map_err(said);
        assert_eq!(ours::Reserve::deserialize(map()).map(|it| format!("{it:?}")).map_err(said), derived);
        let label = || IntoDeserializer::<Plain>::into_deserializer(at as u32);
        let derived = derived::Label::deserialize(label()).map(|it| format!("{it:?}")).map_err(said);
        assert_eq!(ours::Label::deserialize(label()).map(|it| format!("{it:?}")).map_err(said), derived);
    }
    for name in [&b"new"[..], b"gone", b"\xff"] {
        let said = |error: Plain| error.to_string();
        let label = || serde::de::value::BytesDeserializer::<Plain>::new(name);
        let derived = derived::Label::deserialize(label()).map(|it| format!("{it:?}")).map_err(said);
        assert_eq!(ours::Label::deserialize(label()).map(|it| format!("{it:?}")).map_err(said), derived);
    }
    let seq = || SeqDeserializer::<_, Plain>::new(["x", "y"].into_iter());
    let said = |error: Plain| error.to_string();
    let derived = derived::Ship::deserialize(seq()).map(|it| format!("{it:?}")).map_err(said);
    assert_eq!(ours::Ship::deserialize(seq()).map(|it| format!("{it:?}")).map_err(said), derived);
}
