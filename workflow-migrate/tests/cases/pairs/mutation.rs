//! One change of a declaration, with what has to be said about it.

use super::chance::Chance;
use super::complete::example;
use workflow_model::{
    Dropped, Duration, Effect, Field, Kind, Literal, Model, Name, Parameter, Removed, State, StateKind, Table, Target,
    Transition, Trigger, Type, Was,
};

/// What a mutation knows: the model it changes, the one of the older version, and its chance.
pub(crate) struct At<'m> {
    pub(crate) model: &'m mut Model,
    pub(crate) before: &'m Model,
    pub(crate) chance: &'m mut Chance,
}

type Mutation = fn(&mut At<'_>) -> Option<()>;

/// Every kind of change.
pub(crate) const MUTATIONS: &[Mutation] = &[
    state_added,
    state_removed,
    state_renamed,
    state_final,
    initial_changed,
    field_added,
    field_renamed,
    field_dropped,
    field_required,
    field_optional,
    unique_changed,
    state_field_added,
    state_field_renamed,
    state_field_dropped,
    state_field_gained,
    state_field_lost,
    state_field_required,
    state_unique_changed,
    transition_added,
    transition_removed,
    transition_retargeted,
    source_added,
    source_removed,
    event_renamed,
    timer_added,
    timer_changed,
    clause_removed,
    at_added,
    activity_added,
    task_added,
    tasks_removed,
    effect_changed,
    guard_changed,
    payload_changed,
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

fn line(event: &str, source: &str, target: Option<&str>) -> Transition {
    Transition {
        event: name(event),
        parameters: Vec::new(),
        sources: vec![source.to_owned()],
        target: target.map(|state| Target { state: state.to_owned(), literals: Vec::new() }),
        triggers: Vec::new(),
        effect: None,
        tasks: Vec::new(),
        guard: None,
        retime: false,
        docs: String::new(),
    }
}

fn state_added(at: &mut At<'_>) -> Option<()> {
    let (from, to) = (at.any_state()?, at.any_state()?);
    let rust = at.fresh("Extra");
    let fields = if at.chance.percent(50) { vec![field(&at.fresh("extra"), any_type(at.chance))] } else { Vec::new() };
    at.model.states.push(State { name: name(&rust), kind: StateKind::Normal, fields, docs: String::new() });
    let (come, go) = (at.fresh("come"), at.fresh("go"));
    at.model.transitions.push(line(&come, &from.name.rust, Some(&rust)));
    at.model.transitions.push(line(&go, &rust, Some(&to.name.rust)));
    Some(())
}

fn state_removed(at: &mut At<'_>) -> Option<()> {
    let (gone, to) = (at.any_state()?, at.any_state()?);
    if gone.kind == StateKind::Initial || to == gone {
        return None;
    }
    let rust = &gone.name.rust;
    at.model.states.retain(|s| s.name.rust != *rust);
    for line in &mut at.model.transitions {
        line.sources.retain(|s| s != rust);
    }
    at.model.transitions.retain(|l| !l.sources.is_empty() && l.target.as_ref().is_none_or(|t| t.state != *rust));
    at.model.removed.iter_mut().filter(|r| r.target.state == *rust).for_each(|r| r.target.state.clone_from(&to.name.rust));
    if let Some(old) = at.old_state(&gone) {
        at.model.removed.push(Removed { state: old.name.rust, target: Target { state: to.name.rust, literals: Vec::new() } });
    }
    for field in &gone.fields {
        if !at.has_owned(&field.name.rust) {
            at.forget_timer(&field.name.rust);
            if let Some(old) = at.old_field(field) {
                at.say_dropped(None, &Field { ty: Type { optional: true, ..old.ty.clone() }, ..old });
            }
        }
    }
    Some(())
}

fn state_renamed(at: &mut At<'_>) -> Option<()> {
    let state = at.any_state()?;
    let (old, new) = (state.name.rust.clone(), at.fresh("Renamed"));
    let was_there = at.old_state(&state).is_some();
    for state in at.model.states.iter_mut().filter(|s| s.name.rust == old) {
        state.name = renamed(&state.name, &new, was_there);
    }
    for line in &mut at.model.transitions {
        line.sources.iter_mut().filter(|s| **s == old).for_each(|s| s.clone_from(&new));
        line.target.iter_mut().filter(|t| t.state == old).for_each(|t| t.state.clone_from(&new));
    }
    at.model.removed.iter_mut().filter(|r| r.target.state == old).for_each(|r| r.target.state.clone_from(&new));
    Some(())
}

fn state_final(at: &mut At<'_>) -> Option<()> {
    let state = at.any_state()?;
    let leaves = at.model.transitions.iter().any(|l| l.target.is_some() && l.sources.contains(&state.name.rust));
    let kind = match state.kind {
        StateKind::Initial => return None,
        StateKind::Final => StateKind::Normal,
        StateKind::Normal if leaves => return None,
        StateKind::Normal => StateKind::Final,
    };
    at.model.states.iter_mut().filter(|s| s.name == state.name).for_each(|s| s.kind = kind);
    if kind == StateKind::Normal {
        let (event, to) = (at.fresh("reopen"), at.any_state()?);
        at.model.transitions.push(line(&event, &state.name.rust, Some(&to.name.rust)));
    }
    Some(())
}

fn initial_changed(at: &mut At<'_>) -> Option<()> {
    let state = at.any_state().filter(|s| s.kind == StateKind::Normal)?;
    let was = at.model.initial()?.name.rust.clone();
    for s in &mut at.model.states {
        s.kind = match s.kind {
            StateKind::Initial => StateKind::Normal,
            _ if s.name == state.name => StateKind::Initial,
            kind => kind,
        };
    }
    let event = at.fresh("back");
    at.model.transitions.push(line(&event, &state.name.rust, Some(&was)));
    Some(())
}

fn field_added(at: &mut At<'_>) -> Option<()> {
    let mut new = field(&at.fresh("field"), any_type(at.chance));
    if new.ty.optional {
        new.unique = at.chance.percent(30) && matches!(new.ty.kind, Kind::Text | Kind::I64);
    } else {
        new.default = Some(example(&new.ty, at.chance)?);
    }
    at.model.fields.push(new);
    Some(())
}

fn wider(field: &mut Field) {
    let (rust, kind) = match field.ty.kind {
        Kind::I16 => ("i32", Kind::I32),
        Kind::I32 => ("i64", Kind::I64),
        _ => return,
    };
    if field.was.is_none() {
        field.was = Some(Was { ty: field.ty.clone(), forward: None, back: None });
    }
    field.default = None;
    field.ty = ty(rust, kind, None, field.ty.optional);
}

fn field_renamed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_common()?;
    let (old, new) = (at.model.fields[n].name.rust.clone(), at.fresh("named"));
    let was_there = at.old_field(&at.model.fields[n]).is_some();
    let field = &mut at.model.fields[n];
    field.name = renamed(&field.name, &new, was_there);
    if was_there && at.chance.percent(40) {
        wider(field);
    }
    at.respell_field(&old, &new);
    Some(())
}

fn field_dropped(at: &mut At<'_>) -> Option<()> {
    let n = at.any_common()?;
    let gone = at.model.fields.remove(n);
    at.forget_timer(&gone.name.rust);
    if let Some(old) = at.old_field(&gone) {
        at.say_dropped(None, &old);
    }
    Some(())
}

fn require(field: &mut Field, chance: &mut Chance) -> Option<()> {
    let inner = field.ty.rust.strip_prefix("Option<")?.strip_suffix('>')?.to_owned();
    field.ty = Type { rust: inner, optional: false, ..field.ty.clone() };
    field.default = Some(example(&field.ty, chance)?);
    Some(())
}

fn loosen(field: &mut Field) {
    if !field.ty.optional {
        field.ty = Type { rust: format!("Option<{}>", field.ty.rust), optional: true, ..field.ty.clone() };
        field.default = None;
    }
}

fn field_required(at: &mut At<'_>) -> Option<()> {
    let n = at.any_common()?;
    at.model.fields[n].unique &= at.model.fields[n].ty.optional;
    if at.model.fields[n].unique {
        return None;
    }
    require(&mut at.model.fields[n], at.chance)
}

fn field_optional(at: &mut At<'_>) -> Option<()> {
    let n = at.any_common()?;
    loosen(&mut at.model.fields[n]);
    Some(())
}

fn unique_changed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_common()?;
    let field = &at.model.fields[n];
    if !field.unique && !(matches!(field.ty.kind, Kind::Text | Kind::I64 | Kind::I32) && field.default.is_none()) {
        return None;
    }
    at.model.fields[n].unique ^= true;
    Some(())
}

fn state_field_added(at: &mut At<'_>) -> Option<()> {
    let state = at.any_state()?;
    let mut new = field(&at.fresh("owned"), any_type(at.chance));
    if !new.ty.optional {
        new.default = example(&new.ty, at.chance);
    }
    at.model.states.iter_mut().filter(|s| s.name == state.name).for_each(|s| s.fields.push(new.clone()));
    Some(())
}

fn state_field_renamed(at: &mut At<'_>) -> Option<()> {
    let (old, new) = (at.any_owned()?, at.fresh("called"));
    let was_there = at.owned(&old).is_some_and(|f| at.old_field(&f).is_some());
    let widen = was_there && at.chance.percent(40);
    at.each_owned(&old, |field| {
        field.name = renamed(&field.name, &new, was_there);
        if widen {
            wider(field);
        }
    });
    at.respell_field(&old, &new);
    Some(())
}

fn state_field_dropped(at: &mut At<'_>) -> Option<()> {
    let gone = at.any_owned()?;
    let field = at.owned(&gone)?;
    for state in at.model.states.clone().iter().filter(|s| s.field(&gone).is_some()) {
        at.say_lost(state, &field);
    }
    at.model.states.iter_mut().for_each(|s| s.fields.retain(|f| f.name.rust != gone));
    at.forget_timer(&gone);
    Some(())
}

fn state_field_gained(at: &mut At<'_>) -> Option<()> {
    let (name, state) = (at.any_owned()?, at.any_state()?);
    let mut field = at.owned(&name)?;
    if state.field(&name).is_some() || field.unique {
        return None;
    }
    if !field.ty.optional {
        field.default = Some(example(&field.ty, at.chance)?);
    }
    at.each_owned(&name, |f| f.default.clone_from(&field.default));
    at.model.states.iter_mut().filter(|s| s.name == state.name).for_each(|s| s.fields.push(field.clone()));
    Some(())
}

fn state_field_lost(at: &mut At<'_>) -> Option<()> {
    let name = at.any_owned()?;
    let having: Vec<State> = at.model.states.iter().filter(|s| s.field(&name).is_some()).cloned().collect();
    if having.len() < 2 {
        return None;
    }
    let (state, field) = (at.chance.pick(&having)?, at.owned(&name)?);
    at.say_lost(&state, &field);
    at.model.states.iter_mut().filter(|s| s.name == state.name).for_each(|s| s.fields.retain(|f| f.name.rust != name));
    at.forget_timer(&name);
    Some(())
}

fn state_field_required(at: &mut At<'_>) -> Option<()> {
    let name = at.any_owned()?;
    let mut field = at.owned(&name).filter(|f| !f.unique)?;
    if field.ty.optional {
        require(&mut field, at.chance)?
    } else {
        loosen(&mut field)
    }
    at.each_owned(&name, |f| (f.ty, f.default) = (field.ty.clone(), field.default.clone()));
    Some(())
}

fn state_unique_changed(at: &mut At<'_>) -> Option<()> {
    let name = at.any_owned()?;
    let field = at.owned(&name)?;
    if !field.unique && !(field.ty.kind == Kind::Text && field.default.is_none()) {
        return None;
    }
    at.each_owned(&name, |f| f.unique ^= true);
    Some(())
}

fn transition_added(at: &mut At<'_>) -> Option<()> {
    let (from, to, event) = (at.any_state()?, at.any_state()?, at.fresh("step"));
    let to = Some(to.name.rust.as_str()).filter(|_| at.chance.percent(80));
    at.model.transitions.push(line(&event, &from.name.rust, to));
    Some(())
}

fn transition_removed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    at.model.transitions.remove(n);
    Some(())
}

fn transition_retargeted(at: &mut At<'_>) -> Option<()> {
    let (n, to) = (at.any_line()?, at.any_state()?);
    at.model.transitions[n].target.as_mut()?.state = to.name.rust;
    Some(())
}

fn source_added(at: &mut At<'_>) -> Option<()> {
    let (n, from) = (at.any_line()?, at.any_state()?);
    let event = at.model.transitions[n].event.rust.clone();
    let taken = at.model.transitions.iter().any(|l| l.event.rust == event && l.sources.contains(&from.name.rust));
    (!taken).then(|| at.model.transitions[n].sources.push(from.name.rust))
}

fn source_removed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    let sources = &mut at.model.transitions[n].sources;
    (sources.len() > 1).then(|| drop(sources.remove(at.chance.below(sources.len()))))
}

fn event_renamed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    let (event, new) = (at.model.transitions[n].event.clone(), at.fresh("event"));
    let label = event.renamed_from.as_ref().unwrap_or(&event.label);
    let was_there = at.before.transitions.iter().any(|l| l.event.label == *label);
    for line in at.model.transitions.iter_mut().filter(|l| l.event == event) {
        line.event = renamed(&event, &new, was_there);
    }
    Some(())
}

fn duration(chance: &mut Chance) -> Trigger {
    Trigger::After(Duration { seconds: [3600, 7200, 86_400, 90][chance.below(4)] })
}

fn timer_added(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    let line = &mut at.model.transitions[n];
    if !line.triggers.is_empty() || !line.parameters.is_empty() {
        return None;
    }
    line.triggers.push(duration(at.chance));
    Some(())
}

fn timer_changed(at: &mut At<'_>) -> Option<()> {
    let lines: Vec<usize> = (0..at.model.transitions.len())
        .filter(|n| matches!(at.model.transitions[*n].triggers[..], [Trigger::After(_)]))
        .collect();
    let n = at.chance.pick(&lines)?;
    at.model.transitions[n].triggers = vec![duration(at.chance)];
    at.model.transitions[n].retime = at.chance.percent(50);
    Some(())
}

fn clause_removed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    at.model.transitions[n].triggers.clear();
    at.model.transitions[n].retime = false;
    Some(())
}

fn at_added(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    let line = at.model.transitions[n].clone();
    let is_time = |f: &&Field| f.ty.kind == Kind::Timestamp && f.ty.sql.is_none();
    let common = at.model.fields.iter().filter(is_time).map(|f| f.name.rust.clone());
    let shared = |name: &String| line.sources.iter().all(|s| at.model.state(s).is_some_and(|s| s.field(name).is_some()));
    let owned = at.model.states.iter().flat_map(|s| &s.fields).filter(is_time).map(|f| f.name.rust.clone()).filter(shared);
    let fields: Vec<String> = common.chain(owned).collect();
    let field = at.chance.pick(&fields).filter(|_| line.parameters.is_empty())?;
    at.model.transitions[n].triggers = vec![Trigger::At(field)];
    at.model.transitions[n].retime = false;
    Some(())
}

fn activity_added(at: &mut At<'_>) -> Option<()> {
    let (n, name) = (at.any_line()?, at.fresh("act"));
    let line = &mut at.model.transitions[n];
    line.triggers.is_empty().then(|| line.triggers.push(Trigger::By(name)))
}

fn task_added(at: &mut At<'_>) -> Option<()> {
    let (n, name) = (at.any_line()?, at.fresh("task"));
    at.model.transitions[n].tasks.push(name);
    Some(())
}

fn tasks_removed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    at.model.transitions[n].tasks.clear();
    Some(())
}

fn effect_changed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    let (method, line) = (at.fresh("effect"), &mut at.model.transitions[n]);
    line.effect = match at.chance.below(3) {
        0 => None,
        1 => Some(Effect::App(method)),
        _ => Some(Effect::Sql { text: format!("PERFORM {}", at.chance.below(9)), maybe: true }),
    };
    Some(())
}

fn guard_changed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    let line = &mut at.model.transitions[n];
    line.guard = if line.guard.is_some() { None } else { Some(format!("version > {} AND 'it''s' <> '$$'", at.chance.below(3))) };
    Some(())
}

fn payload_changed(at: &mut At<'_>) -> Option<()> {
    let (n, f) = (at.any_line()?, at.any_common()?);
    let (field, event) = (at.model.fields[f].clone(), at.model.transitions[n].event.rust.clone());
    for line in at.model.transitions.iter_mut().filter(|l| l.event.rust == event) {
        match line.parameters.iter().position(|p| p.name == field.name.rust) {
            Some(known) => drop(line.parameters.remove(known)),
            None if line.triggers.is_empty() => {
                line.parameters.push(Parameter { name: field.name.rust.clone(), ty: field.ty.clone() })
            }
            None => return None,
        }
    }
    Some(())
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
