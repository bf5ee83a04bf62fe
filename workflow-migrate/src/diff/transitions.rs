//! Arrows that came, went or lead elsewhere, and what they do on the way.

use super::{Change, Difference, Versions};
use workflow_model::diagnostic::Part;
use workflow_model::edges::Value;
use workflow_model::{Edge, Effect, Field, Model, Place, Transition};

pub(super) fn compare(v: &Versions<'_>, found: &mut Difference) {
    let (old, new) = (v.old.edges(), v.new.edges());
    let renamed = renamed_events(v, found);
    let was = |event: &str| renamed.iter().find(|(_, to)| to == event).map_or(event.to_owned(), |(from, _)| from.clone());
    let former =
        |e: &Edge<'_>| (v.former_label(&e.from.name.label), was(&e.transition.event.label), v.former_label(&e.to.name.label));
    for edge in &new {
        let (from, event, to) = former(edge);
        let from_here = |o: &&Edge<'_>| o.from.name.label == from && o.transition.event.label == event;
        match old.iter().find(from_here) {
            Some(before) if before.to.name.label == to => {}
            Some(before) => found.change(Change::TransitionRetargeted {
                from: edge.from.name.label.clone(),
                event: edge.transition.event.label.clone(),
                was: before.to.name.label.clone(),
                to: edge.to.name.label.clone(),
            }),
            None => found.change(Change::TransitionAdded {
                from: edge.from.name.label.clone(),
                event: edge.transition.event.label.clone(),
                to: edge.to.name.label.clone(),
            }),
        }
    }
    for edge in &old {
        let (from, event) = (&edge.from.name.label, &edge.transition.event.label);
        let still = new.iter().map(former).any(|(f, e, _)| f == *from && e == *event);
        if !still && v.later_label(from).is_some() {
            found.change(Change::TransitionRemoved { from: from.clone(), event: event.clone(), to: edge.to.name.label.clone() });
        }
    }
    on_the_way(v, &was, found);
}

/// Events with another label, as the source says.
fn renamed_events(v: &Versions<'_>, found: &mut Difference) -> Vec<(String, String)> {
    let has = |model: &Model, label: &str| model.transitions.iter().any(|t| t.event.label == label);
    let mut renamed = Vec::new();
    for line in v.new.events() {
        let Some(from) = &line.event.renamed_from else { continue };
        if has(&v.old, from) && !has(&v.new, from) && !has(&v.old, &line.event.label) {
            found.change(Change::EventRenamed { from: from.clone(), to: line.event.label.clone() });
            renamed.push((from.clone(), line.event.label.clone()));
        }
    }
    renamed
}

/// What happens on the way of events that both have.
fn on_the_way(v: &Versions<'_>, was: &impl Fn(&str) -> String, found: &mut Difference) {
    for event in v.new.events() {
        let label = &event.event.label;
        let pair = Pair { v, old: lines(&v.old, &was(label)), new: lines(&v.new, label) };
        if !pair.old.is_empty() {
            pair.compare(label, found);
        }
    }
    let create = |model: &Model| model.create.as_ref().map(|create| effect(create.effect.as_ref())).unwrap_or_default();
    if create(&v.old) != create(&v.new) {
        found.change(Change::EffectChanged { event: "create".to_owned() });
    }
    let tasks = |model: &Model| model.create.as_ref().map(|c| (c.tasks.clone(), c.later.clone())).unwrap_or_default();
    if tasks(&v.old) != tasks(&v.new) {
        found.change(Change::TasksChanged { event: "create".to_owned() });
    }
}

fn lines<'m>(model: &'m Model, event: &str) -> Vec<&'m Transition> {
    model.transitions.iter().filter(|line| line.event.label == event).collect()
}

/// The lines of one event in both declarations.
struct Pair<'v, 'm> {
    v: &'v Versions<'m>,
    old: Vec<&'v Transition>,
    new: Vec<&'v Transition>,
}

impl Pair<'_, '_> {
    fn compare(&self, event: &str, found: &mut Difference) {
        let event = || event.to_owned();
        if payload(&self.v.old, &self.old) != payload(&self.v.new, &self.new) {
            found.change(Change::PayloadChanged { event: event() });
        }
        if self.differ(|_, line| line.guard.clone().unwrap_or_default()) {
            found.change(Change::GuardChanged { event: event() });
        }
        if self.differ(|_, line| effect(line.effect.as_ref())) {
            found.change(Change::EffectChanged { event: event() });
        }
        if self.differ(fixed_values) {
            found.change(Change::ValuesChanged { event: event() });
        }
        if self.differ(|_, line| format!("{:?} {:?}", line.tasks, line.later)) {
            found.change(Change::TasksChanged { event: event() });
        }
        if self.differ(|_, line| line.is_internal().to_string()) {
            self.refuse_internal(&event(), found);
        }
    }

    /// Whether something is another where both have a line that starts in the same state and leads to the same one: any other line
    /// is a change of the graph.
    fn differ(&self, what: fn(&Model, &Transition) -> String) -> bool {
        let from = |model: &Model, lines: &[&Transition], state: &str| {
            let line = lines.iter().find(|line| line.sources.iter().any(|source| source == state))?;
            Some((line.target.as_ref().map_or_else(|| state.to_owned(), |target| target.state.clone()), what(model, line)))
        };
        self.v.new.states.iter().any(|state| {
            let label = &state.name.label;
            let (old, new) = (from(&self.v.old, &self.old, &self.v.former_label(label)), from(&self.v.new, &self.new, label));
            let (Some((led, before)), Some((leads, after))) = (old, new) else { return false };
            self.v.later_label(&led).as_ref() == Some(&leads) && before != after
        })
    }

    /// The guard tells the two apart by their arrow alone, and binaries of both kinds would take the same one.
    fn refuse_internal(&self, event: &str, found: &mut Difference) {
        let place = self.v.new.transitions.iter().position(|line| line.event.label == event);
        let place = place.map_or(Place::Workflow, |line| Place::Transition(line, Part::Event));
        let help =
            format!("give the new one an event of its own, such as `{event}_2`, and remove the old line in a later version");
        found.refuse(
            place,
            format!("`{event}` was internal and is external, or the other way round: older binaries do it as it was"),
            help,
        );
    }
}

/// The parameters that set fields, in the order in which the event's function takes them.
fn payload(model: &Model, lines: &[&Transition]) -> Vec<String> {
    let columns = model.columns();
    let is_column = |name: &str| columns.iter().any(|c| c.field.name.label == name);
    let first = lines.first().map(|line| line.parameters.as_slice()).unwrap_or_default();
    first.iter().map(|parameter| parameter.name.clone()).filter(|name| is_column(name)).collect()
}

/// The fields that get a literal, each with it.
fn fixed_values(model: &Model, line: &Transition) -> String {
    let fixed = |(field, value): (&Field, Value<'_>)| match value {
        Value::Literal(literal) => Some(format!("{} = {}", field.name.label, literal.sql())),
        Value::Parameter(_) | Value::Cleared => None,
    };
    let mut values: Vec<String> = model.values(line).into_iter().filter_map(fixed).collect();
    values.sort();
    values.join(", ")
}

/// What the database knows of an effect: a method's name is the application's business.
fn effect(effect: Option<&Effect>) -> String {
    match effect {
        None => String::new(),
        Some(Effect::App(_)) => "application".to_owned(),
        Some(Effect::Sql { text, maybe }) => format!("{maybe} {text}"),
    }
}
