//! Syntax tree to model: the same lists in the same order, without tokens. It is total; what a rule must refuse is kept.

mod literals;
mod types;

use crate::ast;
use crate::duration::{LONGEST, seconds};
use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};
use workflow_model::names::label;
use workflow_model::{
    Adopt, Create, Dropped, Duration, Effect, Field, Group, Later, Model, Name, Parameter, Parent, Removed, Retried, Retry,
    State, StateKind, Table, Target, Time, Transition, Trigger, Was,
};

/// The model that a block declares. Every list of it has the length and the order of the syntax's list.
pub fn lower(workflow: &ast::Workflow) -> Model {
    Model {
        name: renamed(&workflow.name, &workflow.attrs),
        table: table(&workflow.table),
        parent: workflow.parent.as_ref().map(parent),
        docs: docs(&workflow.attrs.docs),
        adopt: workflow.attrs.adopt.as_ref().map(|adopt| Adopt { status: adopt.status.as_ref().map(text) }),
        fields: workflow.fields.iter().map(field).collect(),
        states: workflow.states.iter().map(state).collect(),
        groups: workflow.groups.iter().map(group).collect(),
        create: workflow.create.as_ref().map(create),
        transitions: workflow.transitions.iter().map(transition).collect(),
        removed: workflow.attrs.removed.iter().map(removed).collect(),
        dropped: workflow.attrs.dropped.iter().map(dropped).collect(),
        moved_from: workflow.attrs.moved_from.as_ref().map(table),
    }
}

fn table(table: &ast::Table) -> Table {
    Table { schema: table.schema.as_ref().map(text), name: text(&table.name) }
}

fn parent(parent: &ast::Parent) -> Parent {
    Parent { path: path(&parent.path), field: text(&parent.field) }
}

/// `crate::shop::Order`
fn path(path: &syn::Path) -> String {
    let segments: Vec<String> = path.segments.iter().map(|segment| text(&segment.ident)).collect();
    format!("{}{}", if path.leading_colon.is_some() { "::" } else { "" }, segments.join("::"))
}

fn removed(removed: &ast::Removed) -> Removed {
    Removed { state: text(&removed.state), target: target(&removed.target) }
}

fn dropped(dropped: &ast::Dropped) -> Dropped {
    Dropped {
        state: dropped.state.as_ref().map(text),
        field: text(&dropped.field),
        value: dropped.value.as_ref().map(literals::literal),
    }
}

fn field(field: &ast::Field) -> Field {
    let sql = field.attrs.sql.as_ref().map(syn::LitStr::value);
    Field {
        name: same(&field.name, &field.attrs),
        ty: types::ty(&field.ty, sql),
        unique: field.attrs.unique.is_some(),
        default: field.attrs.default.as_ref().map(literals::literal),
        was: field.attrs.was.as_ref().map(was),
        docs: docs(&field.attrs.docs),
    }
}

fn was(was: &ast::Was) -> Was {
    let (forward, back) = was.conversions.as_ref().map(|(forward, back)| (forward.value(), back.value())).unzip();
    Was { ty: types::ty(&was.ty, None), forward, back }
}

fn state(state: &ast::State) -> State {
    State {
        name: renamed(&state.name, &state.attrs),
        kind: match state.kind {
            ast::Kind::Initial => StateKind::Initial,
            ast::Kind::Normal => StateKind::Normal,
            ast::Kind::Final => StateKind::Final,
        },
        fields: state.fields.iter().map(field).collect(),
        docs: docs(&state.attrs.docs),
    }
}

fn group(group: &ast::Group) -> Group {
    Group { name: text(&group.name), members: texts(&group.members) }
}

fn create(create: &ast::Create) -> Create {
    Create {
        target: text(&create.target),
        effect: create.clauses.effect.as_ref().map(effect),
        tasks: texts(&create.clauses.tasks),
        retries: create.clauses.retries.iter().map(retry).collect(),
        later: create.clauses.later.iter().map(later).collect(),
        triggers: create.clauses.triggers.iter().map(trigger).collect(),
        guard: create.clauses.guard.as_ref().map(syn::LitStr::value),
        docs: docs(&create.attrs.docs),
    }
}

fn transition(transition: &ast::Transition) -> Transition {
    Transition {
        event: same(&transition.event, &transition.attrs),
        parameters: transition.parameters.iter().map(parameter).collect(),
        sources: texts(&transition.sources),
        target: transition.target.as_ref().map(target),
        triggers: transition.clauses.triggers.iter().map(trigger).collect(),
        effect: transition.clauses.effect.as_ref().map(effect),
        tasks: texts(&transition.clauses.tasks),
        retries: transition.clauses.retries.iter().map(retry).collect(),
        later: transition.clauses.later.iter().map(later).collect(),
        guard: transition.clauses.guard.as_ref().map(syn::LitStr::value),
        retime: transition.attrs.retime.is_some(),
        docs: docs(&transition.attrs.docs),
    }
}

fn parameter(field: &ast::Field) -> Parameter {
    Parameter { name: text(&field.name), ty: types::ty(&field.ty, None) }
}

fn target(target: &ast::Target) -> Target {
    let literals = target.literals.iter().map(|(field, value)| (text(field), literals::literal(value)));
    Target { state: text(&target.state), literals: literals.collect() }
}

/// The parser has refused what does not fit; a hand-made tree gets the nearest that does.
fn trigger(trigger: &ast::Trigger) -> Trigger {
    match trigger {
        ast::Trigger::After { count, unit } => Trigger::After(duration(count, unit)),
        ast::Trigger::At(field) => Trigger::At(text(field)),
        ast::Trigger::Exhausted { failures, activity } => {
            Trigger::Exhausted { failures: failures.base10_parse().unwrap_or(u32::MAX), activity: text(activity) }
        }
        ast::Trigger::By(activity) => Trigger::By(text(activity)),
        ast::Trigger::Joined(child) => Trigger::Joined { child: path(child) },
    }
}

fn retry(retry: &ast::Retry) -> Retry {
    let length = |length: &Option<ast::Length>| length.as_ref().map(|length| duration(&length.count, &length.unit));
    Retry {
        job: match &retry.job {
            ast::Retried::Activity(name) => Retried::Activity(text(name)),
            ast::Retried::Task(name) => Retried::Task(text(name)),
        },
        attempts: retry.attempts.as_ref().map(|count| count.base10_parse().unwrap_or(u32::MAX)),
        pause: length(&retry.pause),
        longest: length(&retry.longest),
        within: length(&retry.within),
    }
}

fn later(later: &ast::Later) -> Later {
    let time = match &later.time {
        ast::Time::In(length) => Time::In(duration(&length.count, &length.unit)),
        ast::Time::On(field) => Time::On(text(field)),
    };
    Later { task: text(&later.task), time }
}

fn duration(count: &syn::LitInt, unit: &Ident) -> Duration {
    Duration { seconds: seconds(count, unit).unwrap_or(LONGEST).min(LONGEST) }
}

fn effect(effect: &ast::Effect) -> Effect {
    match effect {
        ast::Effect::App(name) => Effect::App(text(name)),
        ast::Effect::Sql { maybe, text } => Effect::Sql { text: text.value(), maybe: *maybe },
    }
}

/// A workflow or a state: the database knows it in snake case.
fn renamed(ident: &Ident, attrs: &ast::Attrs) -> Name {
    labelled(ident, attrs, label(&text(ident)))
}

/// A field or an event: the database knows it by the same name.
fn same(ident: &Ident, attrs: &ast::Attrs) -> Name {
    labelled(ident, attrs, text(ident))
}

fn labelled(ident: &Ident, attrs: &ast::Attrs, default: String) -> Name {
    Name {
        rust: text(ident),
        label: attrs.label.as_ref().map_or(default, syn::LitStr::value),
        explicit: attrs.label.is_some(),
        renamed_from: attrs.renamed_from.as_ref().map(syn::LitStr::value),
    }
}

fn text(ident: &Ident) -> String {
    ident.unraw().to_string()
}

fn texts(idents: &[Ident]) -> Vec<String> {
    idents.iter().map(text).collect()
}

/// The text of doc comments, a line a line, without the space that stands behind `///`.
fn docs(attributes: &[Attribute]) -> String {
    let lines: Vec<_> = attributes.iter().filter_map(doc).collect();
    let lines = lines.iter().flat_map(|text| text.split('\n')).map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end());
    lines.collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
}

fn doc(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        Meta::Path(_) | Meta::List(_) => None,
    }
}
