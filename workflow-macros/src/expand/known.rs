//! What is asked of the model again and again, found out once: in a user's build the macro is not optimized.

use super::event::EventOf;
use quote::format_ident;
use workflow_model::{Column, Edge, Field, Model, State, Transition, Value, names};
use workflow_syntax::ast;

pub(super) struct Known<'b> {
    pub(super) columns: Vec<Column<'b>>,
    /// Each event once, in the order of its first line.
    pub(super) events: Vec<EventOf<'b>>,
    /// Every arrow, in the order of the declaration.
    pub(super) edges: Vec<Edge<'b>>,
    lines: Vec<KnownLine<'b>>,
}

struct KnownLine<'b> {
    line: &'b Transition,
    sources: Vec<&'b State>,
    values: Vec<(&'b Field, Value<'b>)>,
}

impl<'b> Known<'b> {
    pub(super) fn new(syntax: &'b ast::Workflow, model: &'b Model) -> Self {
        let line = |line| KnownLine { line, sources: model.sources(line), values: model.values(line) };
        Known {
            columns: model.columns(),
            events: events(syntax, model),
            edges: model.edges(),
            lines: model.transitions.iter().map(line).collect(),
        }
    }

    fn line(&self, line: &Transition) -> Option<&KnownLine<'b>> {
        self.lines.iter().find(|known| std::ptr::eq(known.line, line))
    }

    /// The states in which a line may start.
    pub(super) fn sources(&self, line: &Transition) -> &[&'b State] {
        self.line(line).map_or(&[], |known| &known.sources)
    }

    /// The columns that a line writes.
    pub(super) fn values(&self, line: &Transition) -> &[(&'b Field, Value<'b>)] {
        self.line(line).map_or(&[], |known| &known.values)
    }

    /// The arrows of one line.
    pub(super) fn edges_of(&self, line: &Transition) -> impl Iterator<Item = Edge<'b>> {
        self.edges.iter().copied().filter(move |edge| std::ptr::eq(edge.transition, line))
    }
}

fn events<'b>(syntax: &'b ast::Workflow, model: &'b Model) -> Vec<EventOf<'b>> {
    let event = |first: &'b Transition| {
        let at = model.transitions.iter().position(|t| std::ptr::eq(t, first))?;
        let syntax = syntax.transitions.get(at)?;
        let name = format_ident!("{}", names::type_name(&first.event.rust), span = syntax.event.span());
        let lines = model.lines_of(&first.event.rust).collect();
        Some(EventOf { syntax, first, lines, name })
    };
    model.events().into_iter().filter_map(event).collect()
}
