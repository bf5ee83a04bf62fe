//! Names of the standard library mean something else here.

#![allow(dead_code, non_camel_case_types, clippy::upper_case_acronyms)]

use workflow_runtime::workflow;

type Text = ::std::string::String;
type Maybe<T> = ::std::option::Option<T>;

macro_rules! nothing {
    ($($name:ident)*) => { $( pub(crate) struct $name; )* };
}

nothing!(Option Result String Vec Box Some Ok Err None Send Sync Into From Default Clone Debug PartialEq Copy Iterator);
nothing!(std core alloc serde sqlx chrono uuid workflow_runtime_private Deref Future Fire Event Tx);

macro_rules! matches {
    () => {};
}
macro_rules! panic {
    () => {};
}
macro_rules! unreachable {
    () => {};
}
macro_rules! vec {
    () => {};
}

workflow! {
    pub(crate) workflow Order in orders {
        id: i32,
        #[sql = "text"]
        name: Text,

        states {
            initial Placed,
            Paid { #[sql = "text"] by: Maybe<Text> },
            final Gone,
        }

        groups {
            Open = Placed | Paid,
        }

        transitions {
            create: -> Placed with greet then thank,
            #[label = "pay"]
            pay(by: Maybe<Text>): Placed -> Paid with charge,
            send: Paid -> Gone by courier,
            drop: Open -> Gone with charge,
            wait: Placed after 1 day,
        }
    }
}

#[test]
fn a_workflow_among_other_strings_and_options_works() {
    let pay = order::Event::Pay(order::event::Pay { by: Maybe::None });
    ::std::assert_eq!(::serde_json::to_string(&pay).unwrap(), r#"{"pay":{"by":null}}"#);
    ::std::assert_eq!("gone".parse(), ::std::result::Result::Ok(order::Label::Gone));
    matches!();
    panic!();
    unreachable!();
    vec![];
}
