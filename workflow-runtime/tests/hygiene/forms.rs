//! The text and JSON forms of what a block declares.

use serde_json::json;
use workflow_runtime::{UnknownLabel, workflow};

workflow! {
    pub(crate) workflow Order in orders {
        id: i64,
        note: Option<String>,

        states {
            initial Placed { price: i64 },
            #[label = "on_hold"]
            Held { reason: String },
            final Delivered,
        }

        transitions {
            hold(reason: String): Placed -> Held,
            #[label = "drop_off"]
            deliver: Held -> Delivered,
        }
    }
}

fn there_and_back<T>(value: &T, json: serde_json::Value)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    assert_eq!(serde_json::to_value(value).unwrap(), json);
    assert_eq!(serde_json::from_value::<T>(json).unwrap(), *value);
}

#[test]
fn states_events_and_labels_go_through_json_under_their_labels() {
    use order::{Event, Label, New, State, event};

    there_and_back(&State::Held(order::Held { reason: "late".into() }), json!({ "on_hold": { "reason": "late" } }));
    there_and_back(&State::Delivered(order::Delivered), json!({ "delivered": null }));
    there_and_back(&Event::Hold(event::Hold { reason: "late".into() }), json!({ "hold": { "reason": "late" } }));
    there_and_back(&Event::Deliver(event::Deliver), json!({ "drop_off": null }));
    there_and_back(&event::Hold { reason: "late".into() }, json!({ "reason": "late" }));
    there_and_back(&Label::Held, json!("on_hold"));
    there_and_back(&New { id: 1, note: None, price: 3 }, json!({ "id": 1, "note": null, "price": 3 }));
}

#[test]
fn a_label_is_the_text_that_the_database_holds() {
    use order::Label;

    for label in Label::ALL {
        assert_eq!(label.to_string().parse(), Ok(*label));
    }
    assert_eq!(format!("{:>8}|{:<8}|", Label::Held, Label::Placed), " on_hold|placed  |");
    let unknown: Result<Label, UnknownLabel> = "sold".parse();
    assert_eq!(unknown.unwrap_err().to_string(), "`sold` is no state of order");
}

#[test]
fn a_label_is_a_text_parameter_and_a_text_column() {
    use sqlx::{Encode, Postgres, Type, postgres::PgArgumentBuffer};

    assert_eq!(<order::Label as Type<Postgres>>::type_info(), <str as Type<Postgres>>::type_info());
    assert!(<order::Label as Type<Postgres>>::compatible(&<String as Type<Postgres>>::type_info()));
    let mut buffer = PgArgumentBuffer::default();
    let _ = Encode::<Postgres>::encode(order::Label::Held, &mut buffer).unwrap();
    assert_eq!(&buffer[..], b"on_hold");
}

#[test]
fn an_unknown_state_goes_through_json() {
    let unknown = order::State::Unknown("sold".into());
    assert_eq!(unknown.label(), None);
    let text = serde_json::to_string(&unknown).unwrap();
    assert_eq!(serde_json::from_str::<order::State>(&text).unwrap(), unknown);
}
