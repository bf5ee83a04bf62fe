//! The statements that the macro would write for a model. That they are the same is asserted, so that an interpreted program
//! stands for a compiled one.

use std::fmt::Write;
use workflow_model::names::{constant, quoted};
use workflow_model::{Field, Model, State, Transition, Value};

/// Of our own columns, those that an instance is read from.
const OWN: [&str; 3] = ["state", "version", "entered_at"];

/// An event: all its lines.
struct EventOf<'m> {
    model: &'m Model,
    lines: Vec<&'m Transition>,
}

/// All rows, without a condition.
pub(crate) fn find(model: &Model) -> String {
    format!("SELECT {} FROM {} o", columns(model, "o"), model.table())
}

pub(crate) fn create(model: &Model) -> String {
    let initial = model.initial().expect("an initial state");
    let fields: Vec<&Field> = model.fields.iter().chain(&initial.fields).collect();
    let names: String = fields.iter().map(|f| format!(", {}", quoted(&f.name.label))).collect();
    let values: String = fields.iter().enumerate().map(|(i, f)| format!(", {}", parameter(i + 3, f))).collect();
    format!(
        "WITH s AS MATERIALIZED (SELECT {} AS t) \
         INSERT INTO {} AS o (state, actor, key, keyed{names}) SELECT {}, $1::text, $2::uuid, 1{values} FROM s \
         ON CONFLICT ({}) DO NOTHING RETURNING {}",
        trace(fields.len() + 3),
        model.table(),
        constant(&initial.name.label),
        key(model),
        columns(model, "o"),
    )
}

pub(crate) fn history(model: &Model) -> String {
    format!(
        "SELECT h.version, h.to_state, r.* FROM {} o JOIN {} h ON h.id = o.{key} \
         LEFT JOIN LATERAL {}(h.data) r ON true WHERE o.{key} = $1 ORDER BY h.version",
        model.table(),
        model.history(),
        model.function("recorded"),
        key = key(model),
    )
}

/// Of the jobs that are written; NULL leaves what was said before.
fn trace(parameter: usize) -> String {
    format!("set_config('workflow.trace', coalesce(${parameter}, current_setting('workflow.trace', true), ''), true)")
}

/// As one statement that commits by itself; the last parameters are the lock time-out and the trace.
pub(crate) fn alone(model: &Model, event: &str) -> String {
    let event = EventOf::of(model, event);
    let (lock_timeout, trace) = (6 + bound(model, event.lines[0]).len(), 7 + bound(model, event.lines[0]).len());
    format!(
        "UPDATE {} o SET {} WHERE o.{} = $1 AND set_config('lock_timeout', ${lock_timeout}, true) IS NOT NULL \
         AND (${trace}::text IS NULL OR set_config('workflow.trace', ${trace}, true) IS NOT NULL) AND {} RETURNING {}",
        model.table(),
        event.set(),
        key(model),
        event.condition(),
        columns(model, "o"),
    )
}

/// The parameters that are columns, in their order; others are for effects only.
pub(crate) fn bound<'m>(model: &'m Model, line: &'m Transition) -> Vec<&'m workflow_model::Parameter> {
    let columns = model.columns();
    line.parameters.iter().filter(|p| columns.iter().any(|c| c.field.name.rust == p.name)).collect()
}

pub(crate) fn key(model: &Model) -> String {
    quoted(&model.fields[0].name.label)
}

fn columns(model: &Model, row: &str) -> String {
    let fields = model.columns().into_iter().map(|c| c.field.name.label.clone());
    fields.chain(OWN.map(str::to_owned)).map(|name| format!("{row}.{}", quoted(&name))).collect::<Vec<_>>().join(", ")
}

impl<'m> EventOf<'m> {
    fn of(model: &'m Model, label: &str) -> EventOf<'m> {
        EventOf { model, lines: model.transitions.iter().filter(|line| line.event.label == label).collect() }
    }

    fn condition(&self) -> String {
        let sources: Vec<&State> = self.lines.iter().flat_map(|line| self.model.sources(line)).collect();
        let states = list(sources.iter().flat_map(|state| state.labels()));
        format!(
            "o.state IN ({states}){} AND ($2::bigint IS NULL OR o.version = $2) AND ($5::boolean OR NOT {}(o.{}, $4::uuid))",
            whole(&sources),
            self.model.function("done"),
            key(self.model)
        )
    }

    fn set(&self) -> String {
        let mut set = format!(
            "event = {}, version = o.version + 1, actor = $3::text, key = $4::uuid, keyed = o.version + 1",
            constant(&self.lines[0].event.label)
        );
        let mut assign = |column: &str, value: Option<String>| {
            if let Some(value) = value {
                let _ = write!(set, ", {column} = {value}");
            }
        };
        let target = |line: &Transition| {
            let state = self.model.state(&line.target.as_ref()?.state)?;
            Some(constant(&state.name.label))
        };
        assign("state", self.by_line(target, "o.state"));
        assign("entered_at", self.by_line(|line| line.target.is_some().then(|| "now()".to_owned()), "o.entered_at"));
        for column in self.model.columns() {
            let name = quoted(&column.field.name.label);
            assign(&name, self.by_line(|line| self.value(line, column.field), &format!("o.{name}")));
        }
        set
    }

    fn value(&self, line: &Transition, field: &Field) -> Option<String> {
        let (_, value) = self.model.values(line).into_iter().find(|(f, _)| f.name == field.name)?;
        Some(match value {
            Value::Parameter(at) => {
                let name = &self.lines[0].parameters[at].name;
                let before = bound(self.model, self.lines[0]).iter().take_while(|p| p.name != *name).count();
                parameter(6 + before, field)
            }
            Value::Literal(literal) => format!("{}::{}", literal.sql(), field.ty.sql().unwrap_or_default()),
            Value::Cleared => "NULL".to_owned(),
        })
    }

    fn by_line(&self, value: impl Fn(&Transition) -> Option<String>, kept: &str) -> Option<String> {
        let values: Vec<_> = self.lines.iter().map(|line| value(line)).collect();
        if values.iter().all(|v| *v == values[0]) {
            return values.into_iter().next().flatten();
        }
        let mut cases = String::new();
        for (line, value) in self.lines.iter().zip(values) {
            let sources = self.model.sources(line);
            let states = list(sources.iter().flat_map(|state| state.labels()));
            let _ = write!(cases, " WHEN o.state IN ({states}) THEN {}", value.unwrap_or_else(|| kept.to_owned()));
        }
        Some(format!("CASE{cases} ELSE {kept} END"))
    }
}

fn parameter(number: usize, field: &Field) -> String {
    format!("${number}::{}", field.ty.sql().unwrap_or_default())
}

fn whole(states: &[&State]) -> String {
    let mut conditions = String::new();
    for state in states {
        let required = state.fields.iter().filter(|f| !f.ty.optional);
        let there: Vec<_> = required.map(|f| format!("o.{} IS NOT NULL", quoted(&f.name.label))).collect();
        let there = there.join(" AND ");
        if there.is_empty() {
            continue;
        }
        let _ = match states {
            [_] => write!(conditions, " AND {there}"),
            _ => write!(conditions, " AND (o.state NOT IN ({}) OR {there})", list(state.labels())),
        };
    }
    conditions
}

fn list<'l>(labels: impl Iterator<Item = &'l str>) -> String {
    labels.map(constant).collect::<Vec<_>>().join(", ")
}
