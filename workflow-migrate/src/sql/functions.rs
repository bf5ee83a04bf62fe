//! The functions beside the table that every workflow has, and its triggers.

use super::effects;
use super::event;
use super::phrase::{array, dollars};
use super::subject::Subject;
use workflow_model::names::{constant, quoted};

/// `done`, `void`, `recorded`, `removed` and `force`.
pub(crate) fn all(s: &Subject<'_>) -> String {
    let force = s.fill(include_str!("force_body.sql"), &force_values(s));
    s.fill(include_str!("functions.sql"), &[]) + "\n" + &s.fill(include_str!("force.sql"), &[("body", dollars(&force))])
}

fn force_values(s: &Subject<'_>) -> [(&'static str, String); 5] {
    let states: Vec<String> = s.model.states.iter().map(|state| constant(&state.name.label)).collect();
    let owned: Vec<&str> = s.owned().map(|c| c.field.name.label.as_str()).collect();
    let fields: Vec<String> = owned.iter().map(|label| constant(label)).collect();
    let nulls: Vec<String> = owned.iter().map(|label| format!("{}, NULL", constant(label))).collect();
    let nulls: Vec<String> = nulls.chunks(50).map(|c| format!("jsonb_build_object({})", c.join(", "))).collect();
    let sets: String = owned.iter().map(|label| format!(",\n        {0} = becomes.{0}", quoted(label))).collect();
    [
        ("states", array(&states, 4)),
        ("fields", array(&fields, 4)),
        ("nulls", if nulls.is_empty() { "'{}'::jsonb".to_owned() } else { nulls.join(" || ") }),
        ("sets", sets),
        ("function", s.name("force")),
    ]
}

/// The triggers on the table and on its history.
pub(crate) fn triggers(s: &Subject<'_>) -> String {
    s.fill(include_str!("triggers.sql"), &[])
}

/// Takes the triggers off the table, whose own drop would otherwise do it.
pub(crate) fn drop_triggers(s: &Subject<'_>) -> String {
    s.fill(include_str!("triggers.down.sql"), &[])
}

/// Drops every function beside the table.
pub(crate) fn down(s: &Subject<'_>) -> String {
    let mut drops: String = event::signatures(s).iter().map(|function| format!("DROP FUNCTION {function};\n")).collect();
    drops += &s.fill(include_str!("functions.down.sql"), &[]);
    for (name, there) in [("effects", effects::has_effects(s)), ("guards", effects::has_guards(s))] {
        if there {
            drops += &format!(
                "DROP FUNCTION {}({table}, {table});\n",
                s.model.table.beside(&format!("_{name}")),
                table = s.model.table()
            );
        }
    }
    drops
}
