//! What follows from a checked model: its columns, its edges, and where each column's new value comes from.
//!
//! Everything here takes a model without faults for granted; a name that means nothing is left out, never a panic.

use crate::model::{Field, Literal, Model, State, Transition};

/// A column of the table that belongs to a field.
#[derive(Debug, Clone)]
pub struct Column<'m> {
    /// The field. States that share a column declare it alike.
    pub field: &'m Field,
    /// The states that have it; none for a common field.
    pub states: Vec<&'m State>,
}

/// One arrow of the graph: a transition from one of its sources.
#[derive(Debug, Clone, Copy)]
pub struct Edge<'m> {
    /// Where it starts.
    pub from: &'m State,
    /// The line it comes from.
    pub transition: &'m Transition,
    /// Where it leads; the same state when it is internal.
    pub to: &'m State,
}

/// Where a column's value comes from when a transition is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'m> {
    /// The event's parameter, by position.
    Parameter(usize),
    /// The literal after the target.
    Literal(&'m Literal),
    /// The state is left, and the field with it.
    Cleared,
}

impl Model {
    /// The common fields' columns, then the states' own, each once, in the order of the declaration.
    pub fn columns(&self) -> Vec<Column<'_>> {
        let mut columns: Vec<Column<'_>> = self.fields.iter().map(|field| Column { field, states: Vec::new() }).collect();
        for state in &self.states {
            for field in &state.fields {
                match columns.iter_mut().find(|c| c.field.name.label == field.name.label) {
                    Some(column) => column.states.push(state),
                    None => columns.push(Column { field, states: vec![state] }),
                }
            }
        }
        columns
    }

    /// The states that a name stands for: itself, or the members of a group, each once, in the order of the declaration.
    pub fn resolve(&self, name: &str) -> Vec<&State> {
        // Each name once: a group that contains itself is a fault, but must not run for ever.
        let mut names = vec![name];
        let mut next = 0;
        while let Some(group) = names.get(next).map(|name| self.group(name)) {
            for member in group.iter().flat_map(|g| &g.members) {
                if !names.contains(&member.as_str()) {
                    names.push(member);
                }
            }
            next += 1;
        }
        self.states.iter().filter(|s| names.contains(&s.name.rust.as_str())).collect()
    }

    /// The states in which a transition may start.
    pub fn sources<'m>(&'m self, transition: &Transition) -> Vec<&'m State> {
        self.states.iter().filter(|state| self.starts_in(transition, state)).collect()
    }

    /// Whether a transition may start in a state. Only a group takes a look at all states: there may be hundreds.
    pub fn starts_in(&self, transition: &Transition, state: &State) -> bool {
        let is_it = |other: &State| other.name.rust == state.name.rust;
        let stands_for = |name: &String| {
            *name == state.name.rust || self.group(name).is_some() && self.resolve(name).iter().any(|other| is_it(other))
        };
        transition.sources.iter().any(stands_for)
    }

    /// Every arrow, in the order of the declaration.
    pub fn edges(&self) -> Vec<Edge<'_>> {
        self.transitions.iter().flat_map(|t| self.edges_of(t)).collect()
    }

    /// The arrows of one line.
    pub fn edges_of<'m>(&'m self, transition: &'m Transition) -> Vec<Edge<'m>> {
        let to = |from| match &transition.target {
            Some(target) => self.state(&target.state),
            None => Some(from),
        };
        self.sources(transition).into_iter().filter_map(|from| Some(Edge { from, transition, to: to(from)? })).collect()
    }

    /// The lines of an event, in their order.
    pub fn lines_of<'m>(&'m self, event: &'m str) -> impl Iterator<Item = &'m Transition> {
        self.transitions.iter().filter(move |t| t.event.rust == event)
    }

    /// Each event once, by its first line.
    pub fn events(&self) -> Vec<&Transition> {
        let first = |(i, t): &(usize, &Transition)| !self.transitions[..*i].iter().any(|e| e.event.rust == t.event.rust);
        self.transitions.iter().enumerate().filter(first).map(|(_, t)| t).collect()
    }

    /// The columns that a transition writes, beside our own. A column that is missing keeps its value.
    pub fn values<'m>(&'m self, transition: &'m Transition) -> Vec<(&'m Field, Value<'m>)> {
        self.columns().into_iter().filter_map(|c| Some((c.field, self.value(transition, &c)?))).collect()
    }

    fn value<'m>(&'m self, transition: &'m Transition, column: &Column<'m>) -> Option<Value<'m>> {
        let name = &column.field.name.rust;
        let parameter = transition.parameters.iter().position(|p| p.name == *name).map(Value::Parameter);
        let Some(target) = &transition.target else { return parameter };
        if column.states.is_empty() {
            return parameter;
        }
        if !column.states.iter().any(|s| s.name.rust == target.state) {
            let left = self.sources(transition).iter().any(|s| s.field(name).is_some());
            return left.then_some(Value::Cleared);
        }
        let literal = target.literals.iter().find(|(field, _)| field == name).map(|(_, literal)| Value::Literal(literal));
        parameter.or(literal)
    }
}

impl Edge<'_> {
    /// `placed>reserve>reserved`: how the guard's list and everything that compares edges spells it.
    pub fn spelled(&self) -> String {
        format!("{}>{}>{}", self.from.name.label, self.transition.event.label, self.to.name.label)
    }
}
