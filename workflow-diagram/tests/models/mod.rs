//! Models for the tests.

use workflow_model::Model;

/// The smallest there is.
pub(crate) fn small() -> Model {
    model(include_str!("small.rs"))
}

/// The order workflow of the README.
pub(crate) fn order() -> Model {
    model(include_str!("../../../workflow-migrate/tests/models/order.rs"))
}

/// A workflow that uses every feature.
pub(crate) fn parcel() -> Model {
    model(include_str!("../../../workflow-migrate/tests/models/parcel.rs"))
}

/// Twelve states.
pub(crate) fn payment() -> Model {
    model(include_str!("payment.rs"))
}

/// Thirty states.
pub(crate) fn claim() -> Model {
    model(include_str!("claim.rs"))
}

/// The model of a block.
pub(crate) fn model(text: &str) -> Model {
    let found = workflow_syntax::find(text).unwrap().found.remove(0);
    let parsed = workflow_syntax::parse(found.tokens);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let model = workflow_syntax::lower(&parsed.workflow.unwrap());
    assert_eq!(workflow_model::check(&model), []);
    model
}
