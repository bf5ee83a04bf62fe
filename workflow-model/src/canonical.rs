//! A model in the words of the database: every name is its label, groups are the states they stand for.
//!
//! Two declarations that mean the same to the database have the same canonical model but for the order of their parts. It renders
//! to the same SQL as the model it was made of, and the parts of two of them can be compared and mixed by name.

use crate::model::{Field, Later, Model, Name, Parameter, Parent, State, Target, Time, Transition, Trigger};

impl Model {
    /// The model in labels. Docs, groups, how jobs are tried again, which children are waited for, and parameters that only an effect of
    /// the application gets are gone.
    pub fn canonical(&self) -> Model {
        let target = |target: &Target| self.canonical_target(target);
        let mut removed = self.removed.clone();
        removed.iter_mut().for_each(|removed| removed.target = target(&removed.target));
        let mut create = self.create.clone();
        if let Some(create) = &mut create {
            create.target = self.state_label(&create.target);
            create.docs.clear();
            create.retries.clear();
            create.later = self.canonical_times(&create.later);
        }
        Model {
            name: bare(&self.name),
            table: self.table.clone(),
            parent: self.parent.as_ref().map(|parent| self.canonical_parent(parent)),
            docs: String::new(),
            adopt: self.adopt.clone(),
            fields: self.fields.iter().map(canonical_field).collect(),
            states: self.states.iter().map(canonical_state).collect(),
            groups: Vec::new(),
            create,
            transitions: self.transitions.iter().map(|line| self.canonical_line(line)).collect(),
            removed,
            dropped: self.dropped.clone(),
            moved_from: self.moved_from.clone(),
        }
    }

    fn canonical_parent(&self, parent: &Parent) -> Parent {
        Parent { path: parent.label(), field: self.field_label(&parent.field).unwrap_or_else(|| parent.field.clone()) }
    }

    fn canonical_line(&self, line: &Transition) -> Transition {
        let sources = self.sources(line);
        Transition {
            event: bare(&line.event),
            parameters: line.parameters.iter().filter_map(|p| self.canonical_parameter(p)).collect(),
            sources: sources.iter().map(|state| state.name.label.clone()).collect(),
            target: line.target.as_ref().map(|target| self.canonical_target(target)),
            triggers: line.triggers.iter().map(|trigger| self.canonical_trigger(trigger)).collect(),
            effect: line.effect.clone(),
            tasks: line.tasks.clone(),
            retries: Vec::new(),
            later: self.canonical_times(&line.later),
            guard: line.guard.clone(),
            retime: line.retime,
            docs: String::new(),
        }
    }

    fn canonical_times(&self, later: &[Later]) -> Vec<Later> {
        let time = |time: &Time| match time {
            Time::On(field) => Time::On(self.field_label(field).unwrap_or_else(|| field.clone())),
            Time::In(_) => time.clone(),
        };
        later.iter().map(|later| Later { task: later.task.clone(), time: time(&later.time) }).collect()
    }

    fn canonical_parameter(&self, parameter: &Parameter) -> Option<Parameter> {
        Some(Parameter { name: self.field_label(&parameter.name)?, ty: parameter.ty.clone() })
    }

    fn canonical_target(&self, target: &Target) -> Target {
        let label = |(name, value): &(String, _)| (self.field_label(name).unwrap_or_else(|| name.clone()), Clone::clone(value));
        Target { state: self.state_label(&target.state), literals: target.literals.iter().map(label).collect() }
    }

    fn canonical_trigger(&self, trigger: &Trigger) -> Trigger {
        match trigger {
            Trigger::At(field) => Trigger::At(self.field_label(field).unwrap_or_else(|| field.clone())),
            // Whose end it waits for is asked by the application.
            Trigger::Joined { .. } => Trigger::Joined { child: String::new() },
            Trigger::After(_) | Trigger::Exhausted { .. } | Trigger::By(_) => trigger.clone(),
        }
    }

    /// The label of a state by its name; a name that means nothing stands for itself.
    pub fn state_label(&self, name: &str) -> String {
        self.state(name).map_or_else(|| name.to_owned(), |state| state.name.label.clone())
    }

    /// The label of a column by the name of its field.
    fn field_label(&self, name: &str) -> Option<String> {
        self.columns().iter().find(|c| c.field.name.rust == name).map(|c| c.field.name.label.clone())
    }
}

fn bare(name: &Name) -> Name {
    Name { rust: name.label.clone(), label: name.label.clone(), explicit: false, renamed_from: name.renamed_from.clone() }
}

fn canonical_field(field: &Field) -> Field {
    Field { name: bare(&field.name), docs: String::new(), ..field.clone() }
}

fn canonical_state(state: &State) -> State {
    State {
        name: bare(&state.name),
        kind: state.kind,
        fields: state.fields.iter().map(canonical_field).collect(),
        docs: String::new(),
    }
}
