//! What every diagram shows, before it has a form: states, and one arrow between two of them for all lines that lead there.

use workflow_model::{Model, State, Transition, Trigger};

/// The graph of a model.
pub(crate) struct Graph<'m> {
    /// The states, in the order of the declaration.
    pub(crate) states: Vec<Node<'m>>,
    /// The arrows, in the order of their first lines.
    pub(crate) arrows: Vec<Arrow<'m>>,
}

/// A state.
pub(crate) struct Node<'m> {
    /// It.
    pub(crate) state: &'m State,
    /// What can happen in it without leaving it: no arrow, as in UML.
    pub(crate) internal: Vec<&'m Transition>,
}

/// Everything that leads from one state to another one, or to itself.
pub(crate) struct Arrow<'m> {
    /// Where it starts, as a position in `states`.
    pub(crate) from: usize,
    /// Where it leads.
    pub(crate) to: usize,
    /// Its lines.
    pub(crate) transitions: Vec<&'m Transition>,
}

impl<'m> Graph<'m> {
    /// The graph of a model. Names that mean nothing are left out.
    pub(crate) fn of(model: &'m Model) -> Self {
        let states = model.states.iter().map(|state| Node { state, internal: Vec::new() }).collect();
        let mut graph = Graph { states, arrows: Vec::new() };
        for edge in model.edges() {
            let position = |state: &State| model.states.iter().position(|s| s.name.rust == state.name.rust);
            if let (Some(from), Some(to)) = (position(edge.from), position(edge.to)) {
                graph.add(from, edge.transition, to);
            }
        }
        graph
    }

    /// How many arrows a side of a state has at most, when all of one direction are at one side.
    pub(crate) fn arrows_at(&self, state: usize) -> usize {
        let others = || self.arrows.iter().filter(|arrow| arrow.from != arrow.to);
        others().filter(|arrow| arrow.from == state).count().max(others().filter(|arrow| arrow.to == state).count())
    }

    fn add(&mut self, from: usize, transition: &'m Transition, to: usize) {
        if transition.is_internal() {
            return self.states[from].internal.push(transition);
        }
        match self.arrows.iter_mut().find(|arrow| (arrow.from, arrow.to) == (from, to)) {
            Some(arrow) => arrow.transitions.push(transition),
            None => self.arrows.push(Arrow { from, to, transitions: vec![transition] }),
        }
    }
}

/// `ship by book_courier [parts > 0]`
pub(crate) fn line(transition: &Transition) -> String {
    let event = Some(transition.event.rust.clone());
    [event, cause(transition), condition(transition)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What fires it by itself, in the words of the declaration: `after 30 minutes`.
pub(crate) fn cause(transition: &Transition) -> Option<String> {
    let causes: Vec<_> = transition.triggers.iter().map(trigger).collect();
    if causes.is_empty() { None } else { Some(causes.join(", ")) }
}

fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::After(duration) => format!("after {}", duration.interval()),
        Trigger::At(field) => format!("at {field}"),
        Trigger::Exhausted { failures, activity } => format!("after {failures} failures of {activity}"),
        Trigger::By(activity) => format!("by {activity}"),
        Trigger::Joined { child } => format!("after all {}", child.rsplit("::").next().unwrap_or(child)),
    }
}

/// The guard in brackets, as in UML. One that is long is cut: a diagram says that there is a condition, the declaration which.
pub(crate) fn condition(transition: &Transition) -> Option<String> {
    transition.guard.as_ref().map(|guard| format!("[{}]", clipped(&flat(guard), 36)))
}

/// A field as it is declared: `warehouse: String`.
pub(crate) fn fields(state: &State) -> impl Iterator<Item = String> {
    state.fields.iter().map(|field| clipped(&format!("{}: {}", field.name.rust, field.ty.rust), 40))
}

/// One line, whatever was written.
pub(crate) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn clipped(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let start: String = text.chars().take(limit - 1).collect();
    format!("{}…", start.trim_end())
}
