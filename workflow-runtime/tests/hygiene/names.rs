//! Names that mean several things.

#![allow(dead_code)]

use crate::Money as Price;
use sqlx::types::Json;
use workflow_runtime::workflow;

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Refund(pub(crate) i64);

/// The user's own modules of these names.
pub(crate) mod event {
    pub(crate) type Kind = i32;
}
pub(crate) mod legal {
    pub(crate) type Entity = String;
}

mod deep {
    use sqlx::types::Json;
    use workflow_runtime::workflow;

    workflow! {
        /// The types are found where the block stands.
        pub(crate) workflow Payment in payments {
            id: i64,
            #[sql = "bigint"]
            price: super::Price,
            #[sql = "bigint"]
            root: crate::Money,
            #[sql = "bigint"]
            own: self::Own,
            #[sql = "bigint"]
            absolute: ::std::primitive::i64,

            states {
                initial Placed,
                final Paid { back: Json<super::Refund>, #[sql = "bigint"] rest: Option<self::Own> },
            }

            transitions {
                pay(back: Json<super::Refund>, rest: Option<self::Own>): Placed -> Paid with check,
            }
        }
    }

    pub(crate) type Own = i64;
}

workflow! {
    /// A state, an event and a field type of one name.
    pub(crate) workflow Sale in sales {
        id: i64,
        #[sql = "integer"]
        kind: event::Kind,
        #[sql = "text"]
        buyer: legal::Entity,
        extra: Json<Vec<String>>,
        #[sql = "bigint"]
        price: Price,

        states {
            initial State1,
            Paid,
            final Refund { refund: Json<Refund>, second: Option<Json<Refund>> },
        }

        transitions {
            pay: State1 -> Paid,
            refund(refund: Json<Refund>, second: Option<Json<Refund>>): Paid -> Refund with paid,
            paid: Paid,
        }
    }
}

workflow! {
    /// Its module would be a keyword.
    pub(crate) workflow Type in types {
        id: i64,
        states { initial Open, final Closed }
        transitions { close: Open -> Closed with log then tell }
    }
}

workflow! {
    /// Parameters that are called like those of generated methods, a task like an activity, an activity like an effect.
    pub(crate) workflow Same in sames {
        id: i64,
        states { initial Open { tx: String }, Busy, final Closed { app: i32, row: i32, done: i32 } }
        transitions {
            start: Open -> Busy then tell,
            close(tx: bool, app: i32, row: i32): Busy -> Closed { done: 1 } by tell with tell,
        }
    }
}

workflow! {
    pub(crate) workflow Match in matches {
        id: i64,
        states { initial Open, final Closed }
        transitions { close: Open -> Closed by referee }
    }
}

workflow! {
    /// States that are called like what everybody knows.
    pub(crate) workflow Choice in choices {
        id: i64,
        note: Option<String>,
        states { initial Option, Result, Ok, Some { text: String }, final Vec }
        transitions {
            go: Option -> Result,
            on: Result -> Ok,
            say(text: String): Ok -> Some with speak,
            stop: Some -> Vec,
        }
    }
}

workflow! {
    /// One effect on lines that do not stand together, one name for an activity, a task, an effect and an event.
    pub(crate) workflow Mixed in mixeds {
        id: i64,
        states { initial Placed, Paid, Packed, final Gone, final Lost }
        transitions {
            pay: Placed -> Paid,
            cancel: Placed -> Gone with refund,
            lose: Paid -> Lost with refund,
            cancel: Paid -> Gone with refund,
            pack: Paid -> Packed by hand,
            send: Packed -> Gone by courier,
            fail: Packed -> Lost by courier,
            send: Paid -> Gone by courier,
        }
    }
}

#[test]
fn a_field_type_is_not_the_state_of_its_name() {
    let event = sale::event::Refund { refund: Json(Refund(3)), second: None };
    assert_eq!(sale::Refund { refund: event.refund, second: event.second }.refund.0.0, 3);
    let back = deep::payment::Paid { back: Json(Refund(1)), rest: Some(2) };
    assert_eq!((back.back.0.0, back.rest), (1, Some(2)));
}

#[test]
fn a_workflow_may_have_the_name_of_a_keyword() {
    assert_eq!(r#type::MODEL.name, "type");
    assert_eq!(r#match::Label::Open.to_string(), "open");
}

#[test]
fn an_enum_has_each_event_once() {
    let cancel = mixed::RefundEvent::Cancel(mixed::event::Cancel);
    let lose = mixed::RefundEvent::Lose(mixed::event::Lose);
    assert_ne!(cancel, lose);
    assert_ne!(mixed::Courier::from(mixed::event::Send), mixed::event::Fail.into());
}
