//! The model, carried out in memory.

use crate::life::{Answer, Life, Op, Run, Way, literal, payload};
use crate::truth::line;
use serde_json::{Map, Value};
use workflow_model::Model;
use workflow_model::edges::Value as Source;

/// The rows of a run, as the model says they are.
#[derive(Debug)]
pub(crate) struct Interpreter<'m> {
    model: &'m Model,
    pub(crate) rows: Vec<Map<String, Value>>,
}

impl<'m> Interpreter<'m> {
    /// Rows as they were created.
    pub(crate) fn new(model: &'m Model, rows: Vec<Map<String, Value>>) -> Self {
        Interpreter { model, rows }
    }

    /// What the database must answer; an accepted operation moves the row.
    pub(crate) fn answer<L: Life>(&mut self, run: Run, op: Op) -> Answer {
        let event = &self.model.events()[op.event].event.label;
        let row = self.rows[op.instance].clone();
        let Some(line) = line(self.model, event, row["state"].as_str().expect("a state")) else { return Answer::Refused };
        let payload = payload(run, self.model, op.event, op.seed);
        let raw = matches!(op.way, Way::Function | Way::Raw);
        let others: Vec<_> = self.rows.iter().enumerate().filter(|(i, _)| *i != op.instance).map(|(_, r)| r.clone()).collect();
        if raw && line.app_effect().is_some() || !L::allows(event, &row, &payload, &others) {
            return Answer::Refused;
        }
        let row = &mut self.rows[op.instance];
        for (field, source) in self.model.values(line) {
            let value = match source {
                Source::Parameter(at) => payload[&line.parameters[at].name].clone(),
                Source::Literal(written) => literal(written),
                Source::Cleared => Value::Null,
            };
            row.insert(field.name.label.clone(), value);
        }
        if let Some(target) = &line.target {
            row.insert("state".into(), self.model.state(&target.state).expect("a state").name.label.clone().into());
        }
        row.insert("event".into(), event.as_str().into());
        row.insert("version".into(), (row["version"].as_i64().expect("a number") + 1).into());
        Answer::Accepted
    }

    /// What the row should be, in the columns that the model speaks of.
    pub(crate) fn differs(&self, instance: usize, there: &Map<String, Value>) -> Option<String> {
        let row = &self.rows[instance];
        let own = ["state", "event", "version"].into_iter();
        let columns = self.model.columns();
        let columns = own.chain(columns.iter().map(|c| c.field.name.label.as_str()));
        columns.into_iter().find(|c| row[*c] != there[*c]).map(|c| format!("{c} is {}, not {}", there[c], row[c]))
    }
}
