//! Models for the tests.

use workflow_model::Model;

/// The order workflow of the README.
pub(crate) fn order() -> Model {
    model(include_str!("order.rs"))
}

/// A workflow that uses every feature. Its names need quotes wherever a name can stand: some of them no rule would let through,
/// but what is rendered must hold without that.
pub(crate) fn parcel() -> Model {
    let mut model = model(include_str!("parcel.rs"));
    model.table.schema = Some("Sales".into());
    model.name.label = "it's 100% a parcel".into();
    for guard in model.transitions.iter_mut().filter_map(|line| line.guard.as_mut()) {
        guard.push_str(" -- in grams");
    }
    for state in model.states.iter_mut().filter(|state| state.name.rust == "Sealed") {
        state.name.label = "Sealed & shut".into();
    }
    model
}

/// An account in a table that was there before.
pub(crate) fn account() -> Model {
    model(include_str!("account.rs"))
}

fn model(text: &str) -> Model {
    let found = workflow_syntax::find(text).unwrap().found.remove(0);
    let parsed = workflow_syntax::parse(found.tokens);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let model = workflow_syntax::lower(&parsed.workflow.unwrap());
    assert_eq!(workflow_model::check(&model), []);
    model
}
