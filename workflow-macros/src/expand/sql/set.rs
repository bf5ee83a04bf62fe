//! What an event sets, in which of its lines.

use super::super::Expansion;
use super::super::event::EventOf;
use super::{Given, labels, list};
use std::fmt::Write;
use workflow_model::names::{constant, quoted};
use workflow_model::{Field, Transition, Value};

impl Expansion<'_> {
    pub(super) fn set(&self, event: &EventOf<'_>, given: Given) -> String {
        let mut set = format!(
            "event = {}, version = o.version + 1, actor = $3::text, key = {}, keyed = o.version + 1",
            constant(&event.first.event.label),
            given.key()
        );
        let mut assign = |column: &str, value: Option<String>| {
            if let Some(value) = value {
                let _ = write!(set, ", {column} = {value}");
            }
        };
        assign("state", self.by_line(event, |line| Some(constant(&self.target_label(line)?)), "o.state"));
        assign("entered_at", self.by_line(event, |line| line.target.is_some().then(|| "now()".to_owned()), "o.entered_at"));
        for column in &self.known.columns {
            let name = quoted(&column.field.name.label);
            assign(&name, self.by_line(event, |line| self.value(event, line, column.field, given), &format!("o.{name}")));
        }
        set
    }

    fn target_label(&self, line: &Transition) -> Option<String> {
        Some(self.model.state(&line.target.as_ref()?.state)?.name.label.clone())
    }

    fn value(&self, event: &EventOf<'_>, line: &Transition, field: &Field, given: Given) -> Option<String> {
        let (_, value) = self.known.values(line).iter().find(|(f, _)| f.name == field.name)?;
        Some(match *value {
            Value::Parameter(at) => {
                let before = event.first.parameters[..at].iter().filter(|p| self.is_column(&p.name)).count();
                given.parameter(before, field)
            }
            Value::Literal(literal) => format!("{}::{}", literal.sql(), field.ty.sql().unwrap_or_default()),
            Value::Cleared => "NULL".to_owned(),
        })
    }

    /// One expression where all lines agree, else one by the state that the row is in. None when no line says anything.
    fn by_line(&self, event: &EventOf<'_>, value: impl Fn(&Transition) -> Option<String>, kept: &str) -> Option<String> {
        let values: Vec<_> = event.lines.iter().map(|line| value(line)).collect();
        if values.iter().all(|v| *v == values[0]) {
            return values.into_iter().next().flatten();
        }
        let cases: String = event
            .lines
            .iter()
            .zip(values)
            .map(|(line, value)| {
                let states = list(labels(self.known.sources(line)));
                format!(" WHEN o.state IN ({states}) THEN {}", value.unwrap_or_else(|| kept.to_owned()))
            })
            .collect();
        Some(format!("CASE{cases} ELSE {kept} END"))
    }
}
