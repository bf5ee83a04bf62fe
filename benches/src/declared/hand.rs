//! The same workflow as a user writes it by hand with sqlx: a type for each state, the enum of them, an instance whose type says where it
//! is, a method for each transition that locks, updates, records and commits, and history decoded back.

use super::{Declared, Field, Line, State, typed};
use std::fmt::Write;

const HEAD: &str = include_str!("hand/head.txt");

impl Declared {
    /// A file of its own.
    pub(crate) fn by_hand(&self, number: usize) -> String {
        let table = format!("{}{number}s", self.name.to_lowercase());
        let parts = [
            HEAD.to_owned(),
            self.hand_states(),
            self.hand_events(),
            self.hand_instance(),
            self.hand_reading(),
            self.lines.iter().map(|line| self.hand_transition(line)).collect(),
        ];
        parts.concat().replace("TABLE", &table).replace("NAME", &format!("{}{number}", self.name))
    }

    fn hand_states(&self) -> String {
        let (mut text, mut variants, mut labels) = (String::new(), String::new(), String::new());
        for state in self.states {
            let (name, label) = (state.name, state.name.to_lowercase());
            let body = if state.fields.is_empty() { ";".to_owned() } else { format!(" {{ {} }}", public(state.fields)) };
            let _ = writeln!(text, "#[derive(Debug, Clone, PartialEq, Serialize)]\npub struct {name}{body}");
            let _ = writeln!(text, "impl Labelled for {name} {{ fn label(&self) -> &'static str {{ \"{label}\" }} }}");
            let _ = writeln!(variants, "{name}({name}),");
            let _ = writeln!(labels, "State::{name}(state) => state.label(),");
        }
        let all = "#[derive(Debug, Clone, PartialEq, Serialize)]\npub enum State";
        format!(
            "{text}{all} {{\n{variants}}}\nimpl Labelled for State {{ fn label(&self) -> &'static str {{ match self {{\n{labels}}} }} }}\n"
        )
    }

    fn hand_events(&self) -> String {
        let event = |line: &Line| format!("{}{},\n", line.variant(), super::within(" {", line.parameters, "}"));
        let events: String = self.lines.iter().map(event).collect();
        format!("#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]\npub enum Event {{\n{events}}}\n")
    }

    fn hand_instance(&self) -> String {
        let moved: String = self.fields.iter().map(|(name, _)| format!("{name}: self.{name}, ")).collect();
        let fields = public(self.fields);
        format!(
            "#[derive(Debug, Clone, PartialEq, Serialize)]\n\
             pub struct NAME<S = State> {{ {fields}, pub version: i64, pub entered_at: DateTime<Utc>, pub state: S }}\n\
             impl<S> NAME<S> {{\n    /// The same instance a step later.\n    \
             fn arrived<T>(self, entered_at: DateTime<Utc>, state: T) -> NAME<T> {{\n        \
             NAME {{ {moved}version: self.version + 1, entered_at, state }}\n    }}\n}}\n"
        )
    }

    /// From a row, and into the type of its state.
    fn hand_reading(&self) -> String {
        let common: String = self.fields.iter().map(|(name, _)| format!("{name}: row.try_get(\"{name}\")?, ")).collect();
        let kept: String = self.fields.iter().map(|(name, _)| format!("{name}: any.{name}, ")).collect();
        let rest = "version: row.try_get(\"version\")?, entered_at: row.try_get(\"entered_at\")?, state: read_state(row)?";
        let mut text = format!(
            "impl<'r> FromRow<'r, PgRow> for NAME {{\n    fn from_row(row: &'r PgRow) -> Result<Self, sqlx::Error> {{\n        \
             Ok(NAME {{ {common}{rest} }})\n    }}\n}}\n\
             fn read_state(row: &PgRow) -> Result<State, sqlx::Error> {{\n    let label: &str = row.try_get(\"state\")?;\n    Ok(match label {{\n"
        );
        for State { name, fields } in self.states {
            let read: String = fields.iter().map(|(name, _)| format!("{name}: row.try_get(\"{name}\")?, ")).collect();
            let value = if fields.is_empty() { (*name).to_owned() } else { format!("{name} {{ {read}}}") };
            let _ = writeln!(text, "\"{}\" => State::{name}({value}),", name.to_lowercase());
        }
        text += "other => return Err(sqlx::Error::Decode(format!(\"no state `{other}`\").into())),\n    })\n}\n";
        for State { name, .. } in self.states {
            let _ = writeln!(
                text,
                "impl TryFrom<NAME> for NAME<{name}> {{\n    type Error = NAME;\n    fn try_from(any: NAME) -> Result<Self, NAME> {{\n        \
                 match any.state {{\n            State::{name}(state) => Ok(NAME {{ {kept}version: any.version, entered_at: any.entered_at, state }}),\n            \
                 _ => Err(any),\n        }}\n    }}\n}}"
            );
        }
        text
    }

    /// A method of the state that it leaves; where there are several, of all that have a trait of its own.
    fn hand_transition(&self, line: &Line) -> String {
        let (event, to, variant) = (line.event, line.to, line.variant());
        let head = match line.from {
            [one] => format!("impl NAME<{one}> {{\n"),
            several => {
                let marks: String = several.iter().map(|state| format!("impl Can{variant} for {state} {{}}\n")).collect();
                format!("pub trait Can{variant}: Labelled {{}}\n{marks}impl<S: Can{variant}> NAME<S> {{\n")
            }
        };
        let parameters = typed(line.parameters);
        let names: Vec<_> = line.parameters.iter().map(|(name, _)| format!("{name}: {name}.clone()")).collect();
        let payload = if names.is_empty() { String::new() } else { format!(" {{ {} }}", names.join(", ")) };
        let target = self.states.iter().find(|state| state.name == to).map_or(&[][..], |state| state.fields);
        let state = if target.is_empty() { to.to_owned() } else { format!("{to} {{ {} }}", self.given(line, target)) };
        let binds: String = target.iter().map(|(name, _)| format!(".bind(&state.{name})")).collect();
        let update = format!("UPDATE TABLE SET {} WHERE id = $1 RETURNING entered_at", self.assignments(line, target));
        format!(
            "{head}    pub async fn {event}(self, pool: &PgPool, actor: &str, {parameters}) -> Result<NAME<{to}>, Error> {{\n        \
             let event = Event::{variant}{payload};\n        let state = {state};\n        \
             let mut tx = pool.begin().await?;\n        lock(&mut tx, self.id, self.version).await?;\n        \
             let update = sqlx::query_scalar(\"{update}\").bind(self.id){binds};\n        \
             let entered_at = update.fetch_one(&mut *tx).await?;\n        \
             record(&mut tx, &self, actor, &event, state.label(), json!(state)).await?;\n        tx.commit().await?;\n        \
             Ok(self.arrived(entered_at, state))\n    }}\n}}\n"
        )
    }

    /// `adjuster: self.state.adjuster.clone(), visit_at`
    fn given(&self, line: &Line, target: &[Field]) -> String {
        let given = target.iter().map(|(name, _)| match line.parameters.iter().any(|(parameter, _)| parameter == name) {
            true => (*name).to_owned(),
            false => format!("{name}: self.state.{name}.clone()"),
        });
        given.collect::<Vec<_>>().join(", ")
    }

    /// What the target has is set, and what only a source had is taken away.
    fn assignments(&self, line: &Line, target: &[Field]) -> String {
        let mut text = format!("state = '{}', version = version + 1, entered_at = now()", line.to.to_lowercase());
        for (place, (name, _)) in target.iter().enumerate() {
            let _ = write!(text, ", {name} = ${}", place + 2);
        }
        let sources = self.states.iter().filter(|state| line.from.contains(&state.name)).flat_map(|state| state.fields);
        for (name, _) in sources.filter(|field| !target.contains(field)) {
            let _ = write!(text, ", {name} = NULL");
        }
        text
    }
}

/// `pub adjuster: String, pub damage: i64`
fn public(fields: &[Field]) -> String {
    fields.iter().map(|(name, ty)| format!("pub {name}: {ty}")).collect::<Vec<_>>().join(", ")
}
