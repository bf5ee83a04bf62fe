//! Whatever the database would notice is a change, and nothing else is.

use workflow_migrate::{Change, diff, first_migration};
use workflow_model::Model;
use workflow_model::fingerprint::{facts, fingerprint};

const ORDER: &str = include_str!("models/order.rs");

fn model(text: &str) -> Model {
    let found = workflow_syntax::find(text).unwrap().found.remove(0);
    let model = workflow_syntax::lower(&workflow_syntax::parse(found.tokens).workflow.unwrap());
    assert_eq!(workflow_model::check(&model), []);
    model
}

/// The order workflow, with something else written.
fn with(from: &str, to: &str) -> Model {
    assert!(ORDER.contains(from), "{from}");
    model(&ORDER.replace(from, to))
}

fn changes(before: &Model, after: &Model) -> Vec<String> {
    let difference = diff(before, after, &[]);
    difference.changes.iter().map(ToString::to_string).chain(difference.refusals.into_iter().map(|r| r.message)).collect()
}

#[test]
fn another_literal_is_a_change() {
    let found = changes(&model(ORDER), &with("not reserved in time", "too late"));
    assert_eq!(found, ["event `expire` sets other values"]);
}

#[test]
fn a_task_that_another_event_has_already_is_a_change() {
    let found =
        changes(&model(ORDER), &with("deliver: Shipped -> Delivered", "deliver: Shipped -> Delivered then send_tracking"));
    assert_eq!(found, ["event `deliver` starts other tasks"]);
}

#[test]
fn parameters_in_another_order_are_a_change() {
    let before = with("change_quantity(quantity: i32)", "change_quantity(quantity: i32, sku: String)");
    let after = with("change_quantity(quantity: i32)", "change_quantity(sku: String, quantity: i32)");
    assert_eq!(changes(&before, &after), ["event `change_quantity` sets other fields"]);
}

#[test]
fn guards_that_change_places_are_a_change() {
    let lines = |one: &str, other: &str| {
        let two = format!("deliver: Shipped -> Delivered if sql \"{one}\", deliver: Reserved -> Delivered if sql \"{other}\"");
        with("deliver: Shipped -> Delivered", &two)
    };
    let found = changes(&lines("quantity > 0", "quantity > 1"), &lines("quantity > 1", "quantity > 0"));
    assert_eq!(found, ["the `if sql` of `deliver` is another"]);
}

#[test]
fn an_internal_transition_does_not_become_an_external_one() {
    let found = changes(
        &model(ORDER),
        &with("change_quantity(quantity: i32): Placed", "change_quantity(quantity: i32): Placed -> Placed"),
    );
    assert!(found.iter().any(|said| said.contains("`change_quantity` was internal and is external")), "{found:?}");
}

#[test]
fn order_and_names_in_rust_mean_nothing_to_the_database() {
    let shared = with("Shipped { tracking: String }", "Shipped { tracking: String, warehouse: String }");
    let text = ORDER.replace("Shipped { tracking: String }", "Shipped { tracking: String, warehouse: String }");
    let (reserved, shipped) =
        ("            Reserved { warehouse: String },\n", "            Shipped { tracking: String, warehouse: String },\n");
    let swapped = model(&text.replace(reserved, "").replace(shipped, &format!("{shipped}{reserved}")));
    assert_eq!((facts(&shared), fingerprint(&shared)), (facts(&swapped), fingerprint(&swapped)));
    assert_eq!(diff(&shared, &swapped, &[]).changes, [Change::Wording]);
    let renamed = with("with take_stock", "with take_it");
    assert_eq!(fingerprint(&model(ORDER)), fingerprint(&renamed));
    assert_eq!(first_migration(&model(ORDER)).up, first_migration(&renamed).up);
}
