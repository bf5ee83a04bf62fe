//! Where the tokens of a diagnostic stand.

use crate::ast::{Attrs, Clauses, Effect, Field, Literal, Removed, State, Target, Time, Transition, Trigger, Workflow};
use proc_macro2::Span;
use syn::spanned::Spanned;
use workflow_model::Place;
use workflow_model::diagnostic::Part;

impl Workflow {
    /// The smallest token of a place. A place that this block does not have gives the nearest thing around it.
    pub fn span(&self, place: Place) -> Span {
        match place {
            Place::Workflow => self.name.span(),
            Place::Table => self.table.name.span(),
            Place::Parent => self.parent.as_ref().map_or(self.name.span(), |parent| last(&parent.path)),
            Place::ParentField => self.parent.as_ref().map_or(self.name.span(), |parent| parent.field.span()),
            Place::Attribute(name) => attribute(&self.attrs, name).unwrap_or(self.name.span()),
            Place::Removed(i, part) => self.attrs.removed.get(i).map_or(self.name.span(), |removed| removed.span(part)),
            Place::Dropped(i) => self.attrs.dropped.get(i).map_or(self.name.span(), |dropped| dropped.field.span()),
            Place::Field(i) => self.fields.get(i).map_or(self.name.span(), |field| field.name.span()),
            Place::FieldType(i) => self.fields.get(i).map_or(self.name.span(), |field| field.ty.span()),
            Place::FieldAttribute(i, name) => self.fields.get(i).map_or(self.name.span(), |field| field.attribute(name)),
            Place::State(s) => self.state(s),
            Place::StateAttribute(s, name) => self.states.get(s).map_or(self.name.span(), |state| state.attribute(name)),
            Place::StateField(s, i) => self.own_field(s, i).map_or(self.state(s), |field| field.name.span()),
            Place::StateFieldType(s, i) => self.own_field(s, i).map_or(self.state(s), |field| field.ty.span()),
            Place::StateFieldAttribute(s, i, name) => self.own_field(s, i).map_or(self.state(s), |field| field.attribute(name)),
            Place::Group(g) => self.group(g),
            Place::GroupMember(g, i) => {
                self.groups.get(g).and_then(|group| group.members.get(i)).map_or(self.group(g), |member| member.span())
            }
            Place::Create(part) => self.creation(part),
            Place::Transition(t, part) => self.transitions.get(t).map_or(self.name.span(), |line| line.span(part)),
        }
    }

    fn state(&self, s: usize) -> Span {
        self.states.get(s).map_or(self.name.span(), |state| state.name.span())
    }

    fn own_field(&self, s: usize, i: usize) -> Option<&Field> {
        self.states.get(s)?.fields.get(i)
    }

    fn group(&self, g: usize) -> Span {
        self.groups.get(g).map_or(self.name.span(), |group| group.name.span())
    }

    fn creation(&self, part: Part) -> Span {
        let Some(create) = &self.create else { return self.name.span() };
        match part {
            Part::Target => create.target.span(),
            part => create.clauses.span(part).unwrap_or(create.name.span()),
        }
    }
}

impl Field {
    /// What an attribute says, or the field's name.
    fn attribute(&self, name: &str) -> Span {
        attribute(&self.attrs, name).unwrap_or(self.name.span())
    }
}

impl State {
    /// What an attribute says, or the state's name.
    fn attribute(&self, name: &str) -> Span {
        attribute(&self.attrs, name).unwrap_or(self.name.span())
    }
}

impl Removed {
    /// The smallest token of a part, or the state that is gone.
    fn span(&self, part: Part) -> Span {
        match part {
            Part::Target => self.target.state.span(),
            Part::LiteralName(i) => self.target.span(i, |(name, _)| name.span()),
            Part::Literal(i) => self.target.span(i, |(_, literal)| literal.span()),
            Part::Event
            | Part::Attribute(_)
            | Part::Parameter(_)
            | Part::ParameterType(_)
            | Part::Source(_)
            | Part::Trigger(_)
            | Part::Effect
            | Part::Task(_)
            | Part::Time(_)
            | Part::Retry(_)
            | Part::Guard => self.state.span(),
        }
    }
}

impl Transition {
    /// The smallest token of a part, or the event's name.
    fn span(&self, part: Part) -> Span {
        let found = match part {
            Part::Event => None,
            Part::Attribute(name) => attribute(&self.attrs, name),
            Part::Parameter(i) => self.parameters.get(i).map(|parameter| parameter.name.span()),
            Part::ParameterType(i) => self.parameters.get(i).map(|parameter| parameter.ty.span()),
            Part::Source(i) => self.sources.get(i).map(|source| source.span()),
            Part::Target => self.target.as_ref().map(|target| target.state.span()),
            Part::LiteralName(i) => self.target.as_ref().map(|target| target.span(i, |(name, _)| name.span())),
            Part::Literal(i) => self.target.as_ref().map(|target| target.span(i, |(_, literal)| literal.span())),
            Part::Trigger(_) | Part::Effect | Part::Task(_) | Part::Time(_) | Part::Retry(_) | Part::Guard => {
                self.clauses.span(part)
            }
        };
        found.unwrap_or(self.event.span())
    }
}

impl Target {
    fn span(&self, i: usize, part: impl Fn(&(syn::Ident, Literal)) -> Span) -> Span {
        self.literals.get(i).map_or(self.state.span(), part)
    }
}

impl Literal {
    fn span(&self) -> Span {
        match self {
            Literal::None(span) => *span,
            Literal::Lit { lit, .. } => lit.span(),
        }
    }
}

impl Clauses {
    fn span(&self, part: Part) -> Option<Span> {
        match part {
            Part::Trigger(i) => self.triggers.get(i).map(|trigger| match trigger {
                Trigger::After { count, .. } => count.span(),
                Trigger::Joined(child) => last(child),
                Trigger::At(name) | Trigger::By(name) | Trigger::Exhausted { activity: name, .. } => name.span(),
            }),
            Part::Effect => self.effect.as_ref().map(|effect| match effect {
                Effect::App(name) => name.span(),
                Effect::Sql { text, .. } => text.span(),
            }),
            Part::Task(i) => self.tasks.get(i).map(|task| task.span()),
            Part::Time(i) => self.later.get(i).map(|later| match &later.time {
                Time::In(length) => length.count.span(),
                Time::On(field) => field.span(),
            }),
            Part::Retry(i) => self.retries.get(i).map(|retry| retry.word.span()),
            Part::Guard => self.guard.as_ref().map(|guard| guard.span()),
            Part::Event
            | Part::Attribute(_)
            | Part::Parameter(_)
            | Part::ParameterType(_)
            | Part::Source(_)
            | Part::Target
            | Part::LiteralName(_)
            | Part::Literal(_) => None,
        }
    }
}

/// The name at the end of a path: a place is one token.
fn last(path: &syn::Path) -> Span {
    path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span())
}

fn attribute(attrs: &Attrs, name: &str) -> Option<Span> {
    match name {
        "label" => attrs.label.as_ref().map(|text| text.span()),
        "renamed_from" => attrs.renamed_from.as_ref().map(|text| text.span()),
        "sql" => attrs.sql.as_ref().map(|text| text.span()),
        "unique" => attrs.unique,
        "adopt" => attrs.adopt.as_ref().map(|adopt| adopt.status.as_ref().map_or(adopt.span, |status| status.span())),
        "default" => attrs.default.as_ref().map(Literal::span),
        "was" => attrs.was.as_ref().map(|was| was.span),
        "forward" => attrs.was.as_ref()?.conversions.as_ref().map(|(forward, _)| forward.span()),
        "back" => attrs.was.as_ref()?.conversions.as_ref().map(|(_, back)| back.span()),
        "retime" => attrs.retime,
        "removed" => attrs.removed.first().map(|removed| removed.state.span()),
        "dropped" => attrs.dropped.first().map(|dropped| dropped.field.span()),
        "moved_from" => attrs.moved_from.as_ref().map(|table| table.name.span()),
        _ => None,
    }
}
