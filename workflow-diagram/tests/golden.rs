//! The diagrams of five workflows, byte for byte. `UPDATE_GOLDEN=1` writes them anew; look at them before you commit them.

mod models;

use std::path::Path;
use workflow_diagram::{dot, mermaid, svg};
use workflow_model::Model;

fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, golden, "{name} differs; UPDATE_GOLDEN=1 accepts it");
}

fn compare_model(name: &str, model: &Model) {
    compare(&format!("{name}.svg"), &svg(model));
    compare(&format!("{name}.mmd"), &mermaid(model));
    compare(&format!("{name}.dot"), &dot(model));
}

#[test]
fn the_smallest_workflow_is_drawn_as_reviewed() {
    compare_model("small", &models::small());
}

#[test]
fn the_order_workflow_is_drawn_as_reviewed() {
    compare_model("order", &models::order());
}

#[test]
fn a_workflow_with_every_feature_is_drawn_as_reviewed() {
    compare_model("parcel", &models::parcel());
}

#[test]
fn a_workflow_of_twelve_states_is_drawn_as_reviewed() {
    compare_model("payment", &models::payment());
}

#[test]
fn a_workflow_of_thirty_states_is_drawn_as_reviewed() {
    compare_model("claim", &models::claim());
}
