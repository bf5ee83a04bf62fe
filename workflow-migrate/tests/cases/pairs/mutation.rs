//! One change of a declaration, with what has to be said about it.

mod common;
mod jobs;
mod lines;
mod owned;
mod states;

use super::chance::Chance;
use super::complete::example;
use workflow_model::{Dropped, Field, Kind, Literal, Model, Name, State, Table, Trigger, Type};

/// What a mutation knows: the model it changes, the one of the older version, and its chance.
pub(crate) struct At<'m> {
    pub(crate) model: &'m mut Model,
    pub(crate) before: &'m Model,
    pub(crate) chance: &'m mut Chance,
}

type Mutation = fn(&mut At<'_>) -> Option<()>;

/// Every kind of change.
pub(crate) const MUTATIONS: &[Mutation] = &[
    states::state_added,
    states::state_removed,
    states::state_renamed,
    states::state_final,
    states::initial_changed,
    common::field_added,
    common::field_renamed,
    common::field_dropped,
    common::field_required,
    common::field_optional,
    common::unique_changed,
    owned::state_field_added,
    owned::state_field_renamed,
    owned::state_field_dropped,
    owned::state_field_gained,
    owned::state_field_lost,
    owned::state_field_required,
    owned::state_unique_changed,
    lines::transition_added,
    lines::transition_removed,
    lines::transition_retargeted,
    lines::source_added,
    lines::source_removed,
    lines::event_renamed,
    jobs::timer_added,
    jobs::timer_changed,
    jobs::clause_removed,
    jobs::at_added,
    jobs::activity_added,
    jobs::join_added,
    common::parent_changed,
    jobs::task_added,
    jobs::tasks_removed,
    lines::effect_changed,
    lines::guard_changed,
    lines::payload_changed,
    table_renamed,
    workflow_renamed,
];

fn name(rust: &str) -> Name {
    Name { rust: rust.to_owned(), label: workflow_model::names::label(rust), explicit: false, renamed_from: None }
}

/// Another name, which says the one before where that is not said yet.
fn renamed(old: &Name, rust: &str, was_there: bool) -> Name {
    let from = old.renamed_from.clone().filter(|_| was_there).or_else(|| was_there.then(|| old.label.clone()));
    Name { renamed_from: from, ..name(rust) }
}

fn field(rust: &str, ty: Type) -> Field {
    Field { name: name(rust), ty, unique: false, default: None, was: None, docs: String::new() }
}

fn ty(rust: &str, kind: Kind, sql: Option<&str>, optional: bool) -> Type {
    let rust = if optional { format!("Option<{rust}>") } else { rust.to_owned() };
    Type { rust, optional, kind, sql: sql.map(str::to_owned) }
}

fn any_type(chance: &mut Chance) -> Type {
    let optional = chance.percent(40);
    match chance.below(12) {
        0 => ty("bool", Kind::Bool, None, optional),
        1 => ty("i16", Kind::I16, None, optional),
        2 | 3 => ty("i64", Kind::I64, None, optional),
        4 => ty("f64", Kind::F64, None, optional),
        5 => ty("Vec<u8>", Kind::Bytes, None, optional),
        6 => ty("DateTime<Utc>", Kind::Timestamp, None, optional),
        7 => ty("Raw", Kind::Other, Some("json"), optional),
        8 => ty("Vec<String>", Kind::Array(Box::new(Kind::Text)), None, optional),
        _ => ty("String", Kind::Text, None, optional),
    }
}

impl At<'_> {
    /// A name that nothing has and nothing had.
    fn fresh(&mut self, what: &str) -> String {
        loop {
            let name = format!("{what}{}", self.chance.below(1000));
            let label = workflow_model::names::label(&name);
            let has = |m: &Model| {
                m.states.iter().any(|s| s.name.rust == name)
                    || m.columns().iter().any(|c| c.field.name.rust == name)
                    || m.transitions.iter().any(|t| t.event.rust == name)
                    || m.states.iter().any(|s| s.name.label == label)
            };
            if !has(self.model) && !has(self.before) {
                return name;
            }
        }
    }

    fn any_state(&mut self) -> Option<State> {
        let states = self.model.states.clone();
        self.chance.pick(&states)
    }

    fn any_line(&mut self) -> Option<usize> {
        let lines: Vec<usize> = (0..self.model.transitions.len()).collect();
        self.chance.pick(&lines)
    }

    fn any_common(&mut self) -> Option<usize> {
        let fields: Vec<usize> = (1..self.model.fields.len()).collect();
        self.chance.pick(&fields)
    }

    /// The name of a field that some state has.
    fn any_owned(&mut self) -> Option<String> {
        let names: Vec<String> = self.model.states.iter().flat_map(|s| &s.fields).map(|f| f.name.rust.clone()).collect();
        self.chance.pick(&names)
    }

    /// The field of the older version that this one was.
    fn old_field(&self, field: &Field) -> Option<Field> {
        let label = field.name.renamed_from.as_ref().unwrap_or(&field.name.label);
        self.before.columns().into_iter().find(|c| c.field.name.label == *label).map(|c| c.field.clone())
    }

    fn old_state(&self, state: &State) -> Option<State> {
        let label = state.name.renamed_from.as_ref().unwrap_or(&state.name.label);
        self.before.states.iter().find(|s| s.name.label == *label).cloned()
    }

    fn each_owned(&mut self, name: &str, mut change: impl FnMut(&mut Field)) {
        self.model.states.iter_mut().flat_map(|s| &mut s.fields).filter(|f| f.name.rust == name).for_each(&mut change);
    }

    fn has_owned(&self, name: &str) -> bool {
        self.model.states.iter().any(|s| s.field(name).is_some())
    }

    fn owned(&self, name: &str) -> Option<Field> {
        self.model.states.iter().find_map(|s| s.field(name)).cloned()
    }

    /// A field is called otherwise wherever it stands in lines.
    fn respell_field(&mut self, old: &str, new: &str) {
        for line in &mut self.model.transitions {
            line.parameters.iter_mut().filter(|p| p.name == old).for_each(|p| p.name = new.to_owned());
            line.target.iter_mut().flat_map(|t| &mut t.literals).filter(|(n, _)| n == old).for_each(|(n, _)| *n = new.to_owned());
            line.triggers
                .iter_mut()
                .filter(|t| matches!(t, Trigger::At(f) if f == old))
                .for_each(|t| *t = Trigger::At(new.to_owned()));
        }
        self.model.parent.iter_mut().filter(|parent| parent.field == old).for_each(|parent| parent.field = new.to_owned());
    }

    fn forget_timer(&mut self, field: &str) {
        self.model.transitions.iter_mut().for_each(|line| line.triggers.retain(|t| !matches!(t, Trigger::At(f) if f == field)));
    }

    fn say_dropped(&mut self, state: Option<String>, field: &Field) {
        let value = if state.is_some() && self.chance.percent(50) { None } else { example(&field.ty, self.chance) };
        let value = value.filter(|_| !field.ty.optional);
        let dropped = Dropped { state, field: field.name.rust.clone(), value };
        if !self.model.dropped.iter().any(|d| d.path() == dropped.path()) {
            self.model.dropped.push(dropped);
        }
    }

    /// What some field is without in the states that lost it.
    fn say_lost(&mut self, state: &State, field: &Field) {
        let (Some(was), Some(old)) = (self.old_state(state), self.old_field(field)) else { return };
        if was.field(&old.name.rust).is_some() {
            self.say_dropped(Some(was.name.rust), &old);
        }
    }
}

fn table_renamed(at: &mut At<'_>) -> Option<()> {
    let old = at.before.table.clone();
    at.model.table = Table { schema: None, name: at.fresh("moved") };
    at.model.moved_from = Some(old);
    Some(())
}

fn workflow_renamed(at: &mut At<'_>) -> Option<()> {
    let new = at.fresh("Flow");
    at.model.name = Name { renamed_from: Some(at.before.name.label.clone()), ..name(&new) };
    Some(())
}

/// What was said of the changes before is not said any more.
pub(crate) fn forget(model: &mut Model) {
    model.removed.clear();
    model.dropped.clear();
    model.moved_from = None;
    model.name.renamed_from = None;
    for field in model.fields.iter_mut().chain(model.states.iter_mut().flat_map(|s| &mut s.fields)) {
        (field.name.renamed_from, field.was, field.default) = (None, None, None::<Literal>);
    }
    model.states.iter_mut().for_each(|s| s.name.renamed_from = None);
    model.transitions.iter_mut().for_each(|l| (l.event.renamed_from, l.retime) = (None, false));
}
