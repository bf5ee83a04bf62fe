//! A model with the names that every template uses.

use super::template;
use crate::stage::Stage;
use std::collections::BTreeMap;
use workflow_model::names::{constant, quoted};
use workflow_model::{Column, Model, Transition};

/// The number at the end of a constraint's name, for each that was ever replaced or dropped.
pub(crate) type Revisions = BTreeMap<String, u32>;

/// What SQL is rendered from.
pub(crate) struct Subject<'m> {
    pub(crate) model: &'m Model,
    pub(crate) stage: &'m Stage,
    pub(crate) columns: Vec<Column<'m>>,
}

impl<'m> Subject<'m> {
    pub(crate) fn new(stage: &'m Stage) -> Subject<'m> {
        Subject { model: &stage.model, stage, columns: stage.model.columns() }
    }

    /// The lines of an event that its function carries out. One that only older binaries know is among them where no newer line
    /// starts in the same state, and the parameters are the same.
    pub(crate) fn callable(&self, event: &Transition) -> Vec<&'m Transition> {
        let lines: Vec<_> = self.model.transitions.iter().filter(|t| t.event.label == event.event.label).collect();
        let kept: Vec<_> = lines.iter().copied().filter(|line| !self.stage.is_retired_line(line)).collect();
        let fits = |line: &&&Transition| {
            kept.iter().all(|k| k.parameters == line.parameters && !k.sources.iter().any(|s| line.sources.contains(s)))
        };
        let retired = lines.iter().filter(|line| self.stage.is_retired_line(line)).filter(fits).copied();
        kept.iter().copied().chain(retired).collect()
    }

    /// A template with its holes filled: first from `own`, then from what every template may use.
    pub(crate) fn fill(&self, template: &str, own: &[(&str, String)]) -> String {
        template::fill(template, |name| {
            own.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone()).or_else(|| self.value(name))
        })
    }

    fn value(&self, name: &str) -> Option<String> {
        if let Some(suffix) = name.strip_prefix("beside.") {
            return Some(self.model.table.beside(&format!("_{suffix}")));
        }
        if let Some(suffix) = name.strip_prefix("name.") {
            return Some(self.name(suffix));
        }
        Some(match name {
            "table" => self.model.table(),
            "history" => self.model.history(),
            "jobs" => self.model.jobs(),
            "id" => self.key(),
            "id_type" => self.key_type(),
            "workflow" => constant(self.label()),
            "title" => self.label().replace(|c: char| c.is_control(), " "),
            "id_text" => constant(self.model.key().map_or("id", |k| &k.name.label)),
            "table_name" => constant(&self.model.table.name),
            "initial" => constant(self.model.initial().map_or("", |s| &s.name.label)),
            _ => return None,
        })
    }

    /// The bare name of something beside the table: `orders_done`, as a function's parameters are qualified inside it.
    pub(crate) fn name(&self, suffix: &str) -> String {
        quoted(&format!("{}_{suffix}", self.model.table.name))
    }

    /// `order`: what the database calls the workflow.
    pub(crate) fn label(&self) -> &'m str {
        &self.model.name.label
    }

    /// The key's column, as SQL.
    pub(crate) fn key(&self) -> String {
        quoted(self.model.key().map_or("id", |k| &k.name.label))
    }

    /// The key's type, as SQL.
    pub(crate) fn key_type(&self) -> String {
        self.model.key().and_then(|k| k.ty.sql()).unwrap_or_else(|| "uuid".to_owned())
    }

    /// The common fields' columns but the key.
    pub(crate) fn common(&self) -> impl Iterator<Item = &Column<'m>> {
        self.columns.iter().skip(1).filter(|c| c.states.is_empty())
    }

    /// The states' own columns.
    pub(crate) fn owned(&self) -> impl Iterator<Item = &Column<'m>> {
        self.columns.iter().filter(|c| !c.states.is_empty())
    }
}
