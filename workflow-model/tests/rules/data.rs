//! Fields, their values, and what events carry.

use crate::build::*;
use crate::{Case, faults_after};
use workflow_model::diagnostic::Part;
use workflow_model::{Effect, Kind, Literal, Place};

pub(crate) const CASES: &[Case] = &[
    (20, |m| {
        m.fields.clear();
        m.transitions.pop();
    }),
    (20, |m| m.fields[0] = field("id", "Option<Uuid>")),
    (21, |m| m.transitions[1].parameters.clear()),
    (22, |m| m.transitions[1].parameters[0] = line("", &[], "").taking("tracking", "i32").parameters.remove(0)),
    (22, |m| m.transitions[6] = internal("change_quantity", &["Placed"]).taking("quantity", "i64")),
    (23, |m| m.states[2].fields.push(field("warehouse", "Option<String>"))),
    (23, |m| {
        m.states[2].fields.push(field("warehouse", "String"));
        m.states[2].fields[1].unique = true;
    }),
    (24, |m| m.transitions[5].target.as_mut().unwrap().literals[0].1 = Literal::Integer("7".into())),
    (24, |m| m.transitions[5].target.as_mut().unwrap().literals[0].1 = Literal::None),
    (24, |m| m.transitions[5].target.as_mut().unwrap().literals[0].1 = text("a\0b")),
    (24, |m| {
        m.states[3].fields.push(field("floor", "i16"));
        m.transitions[3] = m.transitions[3].clone().setting("floor", Literal::Integer("40000".into()));
    }),
    (25, |m| m.transitions[5].target.as_mut().unwrap().literals[0].0 = "raeson".into()),
    (25, |m| m.transitions[5] = m.transitions[5].clone().setting("quantity", Literal::Integer("0".into()))),
    (26, |m| m.transitions[4] = m.transitions[4].clone().setting("reason", text("why"))),
    (26, |m| m.transitions[5] = m.transitions[5].clone().setting("reason", text("why"))),
    (27, |m| m.fields.push(field("price", "Money"))),
    (27, |m| {
        m.fields.push(field("prices", "Vec<Money>"));
        m.fields[4].ty.kind = Kind::Array(Box::new(Kind::Other));
    }),
    (28, |m| m.fields[2].ty.sql = Some("text; DROP TABLE orders".into())),
    (29, |m| m.transitions[3] = m.transitions[3].clone().taking("signature", "String")),
    (29, |m| m.transitions[1].parameters[0].name = "trackng".into()),
    (50, |m| m.transitions.push(line("deliver", &["Shipped"], "Cancelled").setting("reason", text("lost")))),
    (51, |m| m.transitions.push(line("cancel", &["Shipped"], "Cancelled").setting("reason", text("lost")))),
    (52, |m| {
        m.transitions.push(line("deliver", &["Reserved"], "Delivered"));
        m.transitions[7].event.label = "delivered_early".into();
    }),
    (53, |m| m.transitions[6] = m.transitions[6].clone().taking("id", "Uuid")),
    (54, |m| m.transitions.push(internal("move_to", &["Open"]).taking("warehouse", "String"))),
];

#[test]
fn an_unset_field_is_reported_with_the_three_ways_to_set_it() {
    let found = faults_after(|m| m.transitions[1].parameters.clear());
    assert_eq!(found[0].place, Place::Transition(1, Part::Target));
    assert_eq!(found[0].message, "`Shipped.tracking` is not set by `ship`");
    let help = "add the parameter `tracking: String`, a literal `Shipped { tracking: \"…\" }`, or the field to `Reserved`";
    assert_eq!(found[0].help.as_deref(), Some(help));
}

#[test]
fn a_field_of_every_source_is_carried_over() {
    let found = faults_after(|m| m.states[2].fields.push(field("warehouse", "String")));
    assert_eq!(found, []);
}

#[test]
fn a_parameter_that_an_effect_gets_needs_no_field() {
    let found = faults_after(|m| {
        m.transitions[3] = m.transitions[3].clone().taking("signature", "Scan");
        m.transitions[3].effect = Some(Effect::App("file_signature".into()));
    });
    assert_eq!(found, []);
}
