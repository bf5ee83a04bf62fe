//! The trigger function through which every insert and update passes.

use super::phrase::{among, array, dollars, in_states, object};
use super::subject::Subject;
use super::{effects, jobs};
use workflow_model::edges::Value;
use workflow_model::names::{constant, quoted};
use workflow_model::{Column, Edge, Effect, Field, Transition};

/// The guard, the history, the jobs, and last the effects.
pub(crate) fn function(s: &Subject<'_>) -> String {
    let blocked = blocked(s);
    let body = s.fill(
        include_str!("transition_body.sql"),
        &[
            ("create_effect", create_effect(s)),
            ("fixed_before", fixed("OLD", s)),
            ("fixed_after", fixed("NEW", s)),
            ("follow_unmoved", jobs::follow(s, jobs::Stay::Unmoved)),
            ("internal", internal(s)),
            ("legal", array(&spelled(s, |e| !e.transition.is_internal()), 16)),
            ("effectless", effectless(s)),
            ("blocked_by", if blocked.is_empty() { String::new() } else { "blocked_by text;".to_owned() }),
            ("blocked", blocked),
            ("data", data(s)),
            ("jobs", jobs::moves(s)),
            ("effects", effects_call(s)),
        ],
    );
    s.fill(include_str!("transition.sql"), &[("body", dollars(&body))])
}

/// The edges that `which` picks, spelled as the body spells its step.
fn spelled(s: &Subject<'_>, which: impl Fn(&Edge<'_>) -> bool) -> Vec<String> {
    s.model.edges().iter().filter(|e| which(e)).map(|e| constant(&e.spelled())).collect()
}

fn internal(s: &Subject<'_>) -> String {
    let edges = spelled(s, |e| e.transition.is_internal());
    if edges.is_empty() { String::new() } else { format!("        internal := step = ANY ({});\n", array(&edges, 8)) }
}

fn effectless(s: &Subject<'_>) -> String {
    let edges = spelled(s, |e| e.transition.app_effect().is_some());
    if edges.is_empty() {
        return String::new();
    }
    format!(
        "        -- A transition with an effect in the application is fired there: the runtime marks it by its key.\n        \
         effectless := NEW.keyed IS DISTINCT FROM NEW.version AND step = ANY ({});\n",
        array(&edges, 8)
    )
}

fn create_effect(s: &Subject<'_>) -> String {
    match s.model.create.as_ref().and_then(|c| c.effect.as_ref()) {
        Some(Effect::App(_)) => s.fill(include_str!("create_effect.sql"), &[]),
        Some(Effect::Sql { .. }) | None => String::new(),
    }
}

/// What only a transition may change, beside the version. A type of the user's may have no equality: its text has one.
fn fixed(row: &str, s: &Subject<'_>) -> String {
    let ours = ["state", "event", "entered_at", "actor", "key", "keyed"].map(|c| format!("{row}.{c}"));
    let own = |c: &Column<'_>| match c.field.ty.sql {
        Some(_) => format!("{row}.{}::text", quoted(&c.field.name.label)),
        None => format!("{row}.{}", quoted(&c.field.name.label)),
    };
    let key = format!("{row}.{}", s.key());
    std::iter::once(key).chain(ours).chain(s.owned().map(own)).collect::<Vec<_>>().join(", ")
}

fn blocked(s: &Subject<'_>) -> String {
    if effects::has_guards(s) {
        s.fill(include_str!("blocked.sql"), &[("guarded", array(&spelled(s, |e| e.transition.guard.is_some()), 8))])
    } else {
        String::new()
    }
}

/// What history remembers: the fields of the state, and the common ones that the event set.
fn data(s: &Subject<'_>) -> String {
    let states = s.model.states.iter().filter(|state| !state.fields.is_empty()).map(|state| {
        let object = object("NEW", &state.fields);
        (format!("NEW.state = {}", constant(&state.name.label)), format!("data := {object};"))
    });
    let created: Vec<&Field> = s.common().map(|c| c.field).collect();
    let create = (!created.is_empty()).then(|| ("TG_OP = 'INSERT'".to_owned(), set(&created)));
    let events = s.model.events().into_iter().filter_map(|t| {
        let fields = common_set(s, t);
        (!fields.is_empty()).then(|| (format!("NEW.event = {}", constant(&t.event.label)), set(&fields)))
    });
    branches(states.collect()) + &branches(create.into_iter().chain(events).collect())
}

fn set(fields: &[&Field]) -> String {
    format!("data := coalesce(data, '{{}}') || {};", object("NEW", fields.iter().copied()))
}

/// The common fields that an event's parameters set; all of its lines have the same parameters.
fn common_set<'m>(s: &'m Subject<'_>, transition: &'m Transition) -> Vec<&'m Field> {
    let common = |f: &Field| s.common().any(|c| c.field.name.label == f.name.label);
    let values = s.model.values(transition).into_iter();
    values.filter(|(f, v)| matches!(v, Value::Parameter(_)) && common(f)).map(|(f, _)| f).collect()
}

/// `IF a THEN b ELSIF … END IF;`
fn branches(arms: Vec<(String, String)>) -> String {
    let arm = |(i, (condition, action)): (usize, &(String, String))| {
        let word = if i == 0 { "IF" } else { "ELSIF" };
        format!("    {word} {condition} THEN\n        {action}\n")
    };
    let text: String = arms.iter().enumerate().map(arm).collect();
    if text.is_empty() { text } else { text + "    END IF;\n" }
}

fn effects_call(s: &Subject<'_>) -> String {
    let create = matches!(s.model.create.as_ref().and_then(|c| c.effect.as_ref()), Some(Effect::Sql { .. }));
    let mut steps: Vec<String> = create.then(|| constant("create")).into_iter().collect();
    steps.extend(spelled(s, |e| matches!(e.transition.effect, Some(Effect::Sql { .. }))));
    if steps.is_empty() {
        return String::new();
    }
    s.fill(include_str!("effects_call.sql"), &[("steps", array(&steps, 4))])
}

/// The condition, in a function that has the row before and after, that one of a line's edges is taken.
pub(crate) fn taken(s: &Subject<'_>, transition: &Transition, event: &str, was: &str) -> String {
    let alone = s.model.lines_of(&transition.event.rust).count() == 1;
    let event = format!("{event} = {}", constant(&transition.event.label));
    if alone { event } else { format!("{event} AND {was} {}", in_states(&s.model.sources(transition))) }
}

/// [`among`] for events.
pub(crate) fn event_is(events: &[&str]) -> String {
    among(&events.iter().map(|e| constant(e)).collect::<Vec<_>>())
}
