//! Timers, activities and tasks.

use super::super::chance::Chance;
use super::At;
use workflow_model::{Duration, Field, Kind, Trigger};

pub(super) fn duration(chance: &mut Chance) -> Trigger {
    Trigger::After(Duration { seconds: [3600, 7200, 86_400, 90][chance.below(4)] })
}

pub(super) fn timer_added(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    let line = &mut at.model.transitions[n];
    if !line.triggers.is_empty() || !line.parameters.is_empty() {
        return None;
    }
    line.triggers.push(duration(at.chance));
    Some(())
}

pub(super) fn timer_changed(at: &mut At<'_>) -> Option<()> {
    let lines: Vec<usize> = (0..at.model.transitions.len())
        .filter(|n| matches!(at.model.transitions[*n].triggers[..], [Trigger::After(_)]))
        .collect();
    let n = at.chance.pick(&lines)?;
    at.model.transitions[n].triggers = vec![duration(at.chance)];
    at.model.transitions[n].retime = at.chance.percent(50);
    Some(())
}

pub(super) fn clause_removed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    at.model.transitions[n].triggers.clear();
    at.model.transitions[n].retime = false;
    Some(())
}

pub(super) fn at_added(at: &mut At<'_>) -> Option<()> {
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

pub(super) fn activity_added(at: &mut At<'_>) -> Option<()> {
    let (n, name) = (at.any_line()?, at.fresh("act"));
    let line = &mut at.model.transitions[n];
    line.triggers.is_empty().then(|| line.triggers.push(Trigger::By(name)))
}

pub(super) fn join_added(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    let line = &mut at.model.transitions[n];
    let is_free = line.triggers.is_empty() && line.parameters.is_empty();
    is_free.then(|| line.triggers.push(Trigger::Joined { child: "Part".to_owned() }))
}

pub(super) fn task_added(at: &mut At<'_>) -> Option<()> {
    let (n, name) = (at.any_line()?, at.fresh("task"));
    at.model.transitions[n].tasks.push(name);
    Some(())
}

pub(super) fn tasks_removed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    at.model.transitions[n].tasks.clear();
    Some(())
}
