//! What a declaration says about its own change.

use crate::build::*;
use crate::{Case, faults_after};
use workflow_model::diagnostic::Part;
use workflow_model::{Dropped, Kind, Literal, Model, Place, Table, Type, Was};

pub(crate) const CASES: &[Case] = &[
    (16, |m| m.dropped = vec![dropped(None, "size"), dropped(None, "size")]),
    (23, |m| {
        m.states[2].fields.push(field("warehouse", "String"));
        m.states[2].fields[1].default = Some(text("none"));
    }),
    (24, |m| m.fields[3].default = Some(text("three"))),
    (24, |m| m.fields[3].default = Some(Literal::None)),
    (24, |m| {
        m.removed.push(removed("Hold", "Cancelled"));
        m.removed[0].target.literals.push(("reason".into(), Literal::Integer("7".into())));
    }),
    (25, |m| {
        m.removed.push(removed("Hold", "Cancelled"));
        m.removed[0].target.literals.push(("raeson".into(), text("on hold")));
    }),
    (26, |m| {
        m.removed.push(removed("Hold", "Cancelled"));
        m.removed[0].target.literals = vec![("reason".into(), text("on hold")), ("reason".into(), text("held"))];
    }),
    (60, |m| {
        m.fields.push(field("note", "Option<String>"));
        m.fields[4].default = Some(Literal::None);
    }),
    (60, |m| {
        m.states[0].fields.push(field("note", "Option<String>"));
        m.states[0].fields[0].default = Some(text("none"));
    }),
    (61, |m| m.fields[0].default = Some(text("none"))),
    (61, |m| m.fields[0].was = Some(was(None))),
    (62, |m| m.fields[3].was = Some(was(None))),
    (62, |m| {
        m.fields[3].was = Some(was(None));
        m.fields[3].name.renamed_from = Some("quantity".into());
    }),
    (63, |m| converted(m, "", "cents / 100")),
    (63, |m| converted(m, "amount * 100", "cents / 100; DROP TABLE orders")),
    (64, |m| m.dropped.push(dropped(None, "sku"))),
    (64, |m| m.dropped.push(dropped(Some("Reserved"), "warehouse"))),
    (65, |m| m.name.renamed_from = Some("order".into())),
    (65, |m| m.states[1].name.renamed_from = Some("reserved".into())),
    (65, |m| m.fields[2].name.renamed_from = Some("sku".into())),
    (65, |m| m.transitions[3].event.renamed_from = Some("deliver".into())),
    (66, |m| {
        m.states[1].name.renamed_from = Some("held".into());
        m.states[2].name.renamed_from = Some("held".into());
    }),
    (66, |m| {
        m.fields[2].name.renamed_from = Some("code".into());
        m.states[1].fields[0].name.renamed_from = Some("code".into());
    }),
    (66, |m| {
        m.states[1].name.renamed_from = Some("on_hold".into());
        m.removed.push(removed("OnHold", "Placed"));
    }),
    (67, |m| m.states[1].name.renamed_from = Some("shipped".into())),
    (67, |m| m.transitions[3].event.renamed_from = Some("ship".into())),
    (67, |m| m.states[1].fields[0].name.renamed_from = Some("sku".into())),
    (68, |m| m.moved_from = Some(m.table.clone())),
    (69, |m| m.transitions[3].retime = true),
    (69, |m| m.transitions[2].retime = true),
];

fn dropped(state: Option<&str>, field: &str) -> Dropped {
    Dropped { state: state.map(str::to_owned), field: field.into(), value: None }
}

fn was(texts: Option<(&str, &str)>) -> Was {
    let (forward, back) = texts.map(|(forward, back)| (forward.to_owned(), back.to_owned())).unzip();
    Was { ty: Type { rust: "i32".into(), optional: false, kind: Kind::I32, sql: None }, forward, back }
}

/// `#[renamed_from = "amount"] #[was(i32, …, …)] cents: i64`
fn converted(model: &mut Model, forward: &str, back: &str) {
    model.fields.push(field("cents", "i64"));
    model.fields[4].name.renamed_from = Some("amount".into());
    model.fields[4].was = Some(was(Some((forward, back))));
}

#[test]
fn a_change_that_is_well_said_has_no_fault() {
    let found = faults_after(|m| {
        converted(m, "amount * 100", "cents / 100");
        m.fields[3].default = Some(Literal::Integer("1".into()));
        m.fields.push(field("note", "Option<String>"));
        m.fields[5].default = Some(text("none"));
        m.states[1].name.renamed_from = Some("hold".into());
        m.removed.push(removed("Lost", "Cancelled"));
        m.removed[0].target.literals.push(("reason".into(), text("lost")));
        m.dropped = vec![dropped(None, "size"), dropped(Some("Shipped"), "warehouse"), dropped(Some("Lost"), "size")];
        m.moved_from = Some(Table { schema: Some("sales".into()), name: "orders".into() });
        m.transitions[5].retime = true;
    });
    assert_eq!(found, []);
}

#[test]
fn a_default_of_a_states_field_that_may_be_missing_says_what_a_field_that_it_succeeds_lacks() {
    let note = |m: &mut Model| {
        m.states[0].fields.push(field("note", "Option<String>"));
        m.states[0].fields[0].default = Some(text("none"));
    };
    let found = faults_after(note);
    assert_eq!(found[0].place, Place::StateFieldAttribute(0, 0, "default"));
    assert!(found[0].help.as_ref().unwrap().ends_with("or declare the field without the `Option`"), "{found:?}");
    let succeeds = faults_after(|m| {
        note(m);
        m.states[0].fields[0].name.renamed_from = Some("remark".into());
    });
    assert_eq!(succeeds, []);
}

#[test]
fn a_former_type_without_a_column_says_exactly_what_to_write() {
    let found = faults_after(|m| m.fields[3].was = Some(was(None)));
    assert_eq!(found[0].place, Place::FieldAttribute(3, "was"));
    assert_eq!(found[0].message, "`quantity` had another type, and nothing says which column held it");
    let help = "beside the old column, a name of its own: `#[label = \"quantity_2\"] #[renamed_from = \"quantity\"]`";
    assert_eq!(found[0].help.as_deref(), Some(help));
}

#[test]
fn states_that_share_a_column_share_its_past() {
    let found = faults_after(|m| {
        m.states[2].fields.push(field("warehouse", "String"));
        for (s, f) in [(1, 0), (2, 1)] {
            m.states[s].fields[f].name.renamed_from = Some("depot".into());
        }
    });
    assert_eq!(found, []);
}

#[test]
fn a_fault_of_a_removed_state_stands_at_its_own_attribute() {
    let found = faults_after(|m| m.removed = vec![removed("Hold", "Placed"), removed("Lost", "Plced")]);
    assert_eq!(found[0].place, Place::Removed(1, Part::Target));
}
