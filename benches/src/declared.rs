//! A workflow of 12 states and 30 transitions as data, from which it is written in the ways that are compared.

mod claim;
mod hand;
mod peers;

use std::fmt::Write;

pub(crate) use claim::CLAIM;

#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
    /// The first one is initial.
    pub(crate) states: &'static [State],
    pub(crate) lines: &'static [Line],
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
}

/// A name and its type.
pub(crate) type Field = (&'static str, &'static str);

/// `assess(damage: i64): Inspecting -> Assessed`; a field that the target needs and no parameter gives comes from the source.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) event: &'static str,
    pub(crate) parameters: &'static [Field],
    pub(crate) from: &'static [&'static str],
    pub(crate) to: &'static str,
}

impl Declared {
    /// A file of its own; `number` keeps several of them in one crate apart.
    pub(crate) fn with_us(&self, number: usize) -> String {
        let uses = "use chrono::{DateTime, Utc};\nuse uuid::Uuid;\nuse workflow_runtime::workflow;\n";
        format!("{uses}\nworkflow! {{\n{}}}\n", self.block(number))
    }

    /// What stands between the braces of `workflow!`.
    pub(crate) fn block(&self, number: usize) -> String {
        let name = format!("{}{number}", self.name);
        let mut text = format!("pub workflow {name} in {}s {{\n{},\n\nstates {{\n", name.to_lowercase(), typed(self.fields));
        for (at, state) in self.states.iter().enumerate() {
            let word = if at == 0 {
                "initial "
            } else if self.is_final(state) {
                "final "
            } else {
                ""
            };
            let _ = writeln!(text, "{word}{}{},", state.name, within("{", state.fields, "}"));
        }
        text += "}\n\ntransitions {\n";
        for Line { event, parameters, from, to } in self.lines {
            let _ = writeln!(text, "{event}{}: {} -> {to},", within("(", parameters, ")"), from.join(" | "));
        }
        text + "}\n}\n"
    }

    pub(crate) fn is_final(&self, state: &State) -> bool {
        !self.lines.iter().any(|line| line.from.contains(&state.name))
    }
}

impl Line {
    /// `AssessByPhoto`
    pub(crate) fn variant(&self) -> String {
        self.event.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
    }
}

/// `adjuster: String, damage: i64`
pub(crate) fn typed(fields: &[Field]) -> String {
    let fields: Vec<_> = fields.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
    fields.join(", ")
}

/// The same in brackets, or nothing.
pub(crate) fn within(open: &str, fields: &[Field], close: &str) -> String {
    if fields.is_empty() { String::new() } else { format!("{open}{}{close}", typed(fields)) }
}
