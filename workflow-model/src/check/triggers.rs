//! What fires a transition by itself, and the clauses beside it.

use super::context::{Context, Faults, listed, nearest};
use super::data::fires_without_payload;
use super::sql::{self, Expression};
use crate::diagnostic::{Part, Place};
use crate::model::{Effect, Kind, StateKind, Transition, Trigger};
use std::collections::BTreeSet;

/// In a final state nothing is waited for. A line that leads out of one is reported for that.
pub(super) fn triggers_on_final_states(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines().filter(|(_, line)| !line.triggers.is_empty()) {
        let stays = |state: &str| line.target.as_ref().is_none_or(|t| t.state == state);
        let states = context.starts(line).into_iter().map(|(_, s)| &context.model.states[s]);
        let ends: Vec<&str> =
            states.filter(|s| s.kind == StateKind::Final && stays(&s.name.rust)).map(|s| s.name.rust.as_str()).collect();
        if let (Some(first), Some(trigger)) = (ends.first(), line.triggers.first()) {
            let message = format!("`{first}` is final, and nothing fires there by itself");
            let help = format!("leave out `{}`, or make `{first}` a state that is not final", written(trigger));
            faults.add(Place::Transition(i, Part::Trigger(0)), message, help);
        }
    }
}

fn written(trigger: &Trigger) -> String {
    match trigger {
        Trigger::After(duration) => format!("after {}", duration.interval()),
        Trigger::At(field) => format!("at {field}"),
        Trigger::Exhausted { failures, activity } => format!("after {failures} failures of {activity}"),
        Trigger::By(activity) => format!("by {activity}"),
        Trigger::Joined { child } => format!("after all {child}"),
    }
}

/// `by book_courier after 5 minutes`
pub(super) fn doubled_triggers(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines() {
        if let [first, second, ..] = line.triggers.as_slice() {
            let message = format!("`{}` and `{}` both fire this line", written(first), written(second));
            let help = format!("one line for each: another event for `{}`", written(second));
            faults.add(Place::Transition(i, Part::Trigger(1)), message, help);
        }
    }
}

/// `at due`: a field that every state of the line has, and that says when.
pub(super) fn timers_without_timestamp(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines() {
        for (t, trigger) in line.triggers.iter().enumerate() {
            if let Trigger::At(field) = trigger
                && let Some((message, help)) = unfit_timer(context, line, field)
            {
                faults.add(Place::Transition(i, Part::Trigger(t)), message, help);
            }
        }
    }
}

fn unfit_timer(context: &Context<'_>, line: &Transition, name: &str) -> Option<(String, String)> {
    let sources = context.sources(line)?;
    let holders = sources.iter().filter_map(|s| s.field(name));
    let Some(field) = context.model.field(name).or_else(|| holders.clone().next()) else {
        let known = context.model.fields.iter().chain(sources.iter().flat_map(|s| &s.fields));
        let timestamps = known.filter(|f| f.ty.kind == Kind::Timestamp).map(|f| f.name.rust.as_str());
        let help = match nearest(name, timestamps) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it: `{name}: DateTime<Utc>`"),
        };
        return Some((format!("there is no field `{name}` for the timer"), help));
    };
    let lacking: Vec<&str> = sources.iter().filter(|s| s.field(name).is_none()).map(|s| s.name.rust.as_str()).collect();
    if context.model.field(name).is_none() && !lacking.is_empty() {
        let lacking = listed(lacking);
        let help = format!("declare `{name}: {}` in {lacking} too, or leave {lacking} out", field.ty.rust);
        return Some((format!("the timer goes by `{name}`, which {lacking} does not have"), help));
    }
    let message = format!("the timer goes by `{name}`, which is `{}` and no timestamp", field.ty.rust);
    (field.ty.kind != Kind::Timestamp).then(|| (message, format!("`{name}: DateTime<Utc>`")))
}

/// `after 5 failures of book_courier` from a state in which no line is `by book_courier`.
pub(super) fn exhaustion_of_unknown_activity(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines() {
        for (t, trigger) in line.triggers.iter().enumerate() {
            let Trigger::Exhausted { activity, .. } = trigger else { continue };
            let (Some(sources), Some(started)) = (context.sources(line), started_in(context, activity)) else { continue };
            let Some(lacking) = sources.iter().find(|s| !started.contains(s.name.rust.as_str())) else { continue };
            let state = &lacking.name.rust;
            let help = match nearest(activity, activities(context).filter(|a| a != activity)) {
                Some(near) if started.is_empty() => format!("did you mean `{near}`?"),
                _ => format!("`by {activity}` on a line that leads out of `{state}`"),
            };
            let message = format!("`{state}` does not start the activity `{activity}`");
            faults.add(Place::Transition(i, Part::Trigger(t)), message, help);
        }
    }
}

/// The states with a line that is `by` the activity; none when one of those lines starts who knows where.
fn started_in<'m>(context: &Context<'m>, activity: &str) -> Option<BTreeSet<&'m str>> {
    let by_it = |line: &&Transition| line.triggers.iter().any(|t| matches!(t, Trigger::By(a) if a == activity));
    let lines: Option<Vec<_>> = context.model.transitions.iter().filter(by_it).map(|line| context.sources(line)).collect();
    Some(lines?.into_iter().flatten().map(|s| s.name.rust.as_str()).collect())
}

fn activities<'m>(context: &Context<'m>) -> impl Iterator<Item = &'m str> {
    context.model.transitions.iter().flat_map(|t| &t.triggers).filter_map(|trigger| match trigger {
        Trigger::By(activity) => Some(activity.as_str()),
        Trigger::After(_) | Trigger::At(_) | Trigger::Exhausted { .. } | Trigger::Joined { .. } => None,
    })
}

/// A timer has nobody who could say what the event carries.
pub(super) fn parameters_nobody_gives(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines().filter(|(_, line)| fires_without_payload(line)) {
        if let Some(parameter) = line.parameters.first() {
            let message = format!("`{}` fires by itself, and nobody is there to give `{}`", line.event.rust, parameter.name);
            let help = match context.target(line).filter(|s| s.field(&parameter.name).is_some()) {
                Some(state) => format!("a literal instead: `{} {{ {}: … }}`", state.name.rust, parameter.name),
                None => format!("`{}` without parameters", line.event.rust),
            };
            faults.add(Place::Transition(i, Part::Parameter(0)), message, help);
        }
    }
}

/// A task is known by its name: the second one would be the first.
pub(super) fn repeated_tasks(context: &Context<'_>, faults: &mut Faults) {
    let create = context.model.create.iter().map(|c| (&c.tasks, None));
    for (tasks, line) in create.chain(context.lines().map(|(i, line)| (&line.tasks, Some(i)))) {
        for (t, task) in tasks.iter().enumerate().filter(|(t, task)| tasks[..*t].contains(task)) {
            let place = line.map_or(Place::Create(Part::Task(t)), |i| Place::Transition(i, Part::Task(t)));
            faults.add(place, format!("`then {task}` stands twice in this line"), "leave one out, or give one another name");
        }
    }
}

/// A creation is called by somebody, and there is no row yet that a guard could look at.
pub(super) fn misplaced_clauses_of_creation(context: &Context<'_>, faults: &mut Faults) {
    let Some(create) = &context.model.create else { return };
    if let Some(trigger) = create.triggers.first() {
        let message = format!("nothing can create an instance by itself: `{}`", written(trigger));
        faults.add(Place::Create(Part::Trigger(0)), message, "leave it out; `create` takes `with` and `then`");
    }
    if create.guard.is_some() {
        let message = "a guard looks at the row as it was, and before its creation there is none";
        faults.add(Place::Create(Part::Guard), message, "leave it out; a `CHECK` on the table can say the same");
    }
}

/// The effect of a creation has no state before it, so its method cannot also be a transition's.
pub(super) fn shared_effects_of_creation(context: &Context<'_>, faults: &mut Faults) {
    let Some(Effect::App(effect)) = context.model.create.as_ref().and_then(|c| c.effect.as_ref()) else { return };
    if let Some(line) = context.model.transitions.iter().find(|line| line.app_effect() == Some(effect)) {
        let message = format!("`{effect}` is also the effect of `{}`, which has a state before", line.event.rust);
        faults.add(Place::Create(Part::Effect), message, format!("another name: `with {effect}_at_creation`"));
    }
}

/// The statements stand in the body of a trigger.
pub(super) fn unfit_effect_sql(context: &Context<'_>, faults: &mut Faults) {
    let create = context.model.create.iter().map(|c| (Place::Create(Part::Effect), &c.effect));
    let lines = context.lines().map(|(i, line)| (Place::Transition(i, Part::Effect), &line.effect));
    for (place, effect) in create.chain(lines) {
        if let Some(Effect::Sql { text, .. }) = effect
            && let Some((message, help)) = sql::unfit_statements(text)
        {
            faults.add(place, message, help);
        }
    }
}

/// The guard stands in parentheses behind `WHERE`.
pub(super) fn unfit_guard_sql(context: &Context<'_>, faults: &mut Faults) {
    const GUARD: Expression = Expression { what: "guard", example: "`if sql \"quantity > 0\"`" };
    for (i, line) in context.lines() {
        if let Some((message, help)) = line.guard.as_deref().and_then(|guard| sql::unfit_expression(guard, &GUARD)) {
            faults.add(Place::Transition(i, Part::Guard), message, help);
        }
    }
}
