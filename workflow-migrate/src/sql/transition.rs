//! The trigger function through which every insert and update passes.

use super::phrase::{among, array, dollars, in_states, object};
use super::routine::Routine;
use super::subject::Subject;
use super::{effects, jobs, settle};
use workflow_model::edges::Value;
use workflow_model::names::{constant, quoted};
use workflow_model::{Column, Edge, Effect, Field, Kind, Transition};

/// The guard, the history, the jobs, and last the effects.
pub(crate) fn function(s: &Subject<'_>) -> Routine {
    let internal = internal(s);
    let stays = !internal.is_empty();
    let effectless = effectless(s);
    let is_effectless = if effectless.is_empty() { "false" } else { "effectless" };
    let body = s.fill(
        include_str!("transition_body.sql"),
        &[
            ("not_initial", not_among(&s.stage.initials)),
            ("create_effect", create_effect(s)),
            ("fixed_before", fixed("OLD", s)),
            ("fixed_after", fixed("NEW", s)),
            ("follow_unmoved", jobs::follow(s, jobs::Stay::Unmoved)),
            ("variables", variables(s, stays, !effectless.is_empty())),
            ("internal", internal),
            ("entered_at", if stays { "(CASE WHEN internal THEN OLD.entered_at ELSE now() END)" } else { "now()" }.to_owned()),
            ("stays", if stays { format!("internal{} OR ", retired_internal(s)) } else { String::new() }),
            ("legal", array(&spelled(s, |e| !e.transition.is_internal() && !s.stage.is_retired(&e.spelled())), 16)),
            ("or_effectless", if effectless.is_empty() { String::new() } else { "            OR effectless\n".to_owned() }),
            ("is_effectless", is_effectless.to_owned()),
            ("effectless", effectless),
            ("blocked", blocked(s)),
            ("data", data(s)),
            ("jobs", jobs::moves(s, stays)),
            ("effects", effects_call(s)),
        ],
    );
    let settings = settings(s, &body);
    let text = s.fill(include_str!("transition.sql"), &[("settings", settings), ("body", dollars(&body))]);
    Routine::of(s.model.function("transition"), &[], text).private()
}

/// Of a workflow that needs them: an expression is prepared anew in each transaction, also one that says `false`.
fn variables(s: &Subject<'_>, stays: bool, effectless: bool) -> String {
    let named =
        [(stays, "internal boolean := false"), (effectless, "effectless boolean"), (effects::has_guards(s), "blocked_by text")];
    named.iter().filter(|(is_used, _)| *is_used).map(|(_, variable)| format!("    {variable};\n")).collect()
}

/// A client's own settings must not decide what history records, what counts as unchanged, or where a string of the declaration ends.
/// Each costs a transition some thousandths of a millisecond, so they are there where a type or a text depends on them.
fn settings(s: &Subject<'_>, body: &str) -> String {
    let any =
        |depends: fn(&Kind) -> bool| s.columns.iter().any(|c| c.field.ty.sql.is_some() || depends(innermost(&c.field.ty.kind)));
    let named = [
        (any(|kind| matches!(kind, Kind::F32 | Kind::F64)), "SET extra_float_digits = 1"),
        (any(|_| false), "SET DateStyle = ISO"),
        (any(|kind| matches!(kind, Kind::Bytes)), "SET bytea_output = hex"),
        (has_backslash(s, body), "SET standard_conforming_strings = on"),
    ];
    let needed: Vec<&str> = named.iter().filter(|(is_needed, _)| *is_needed).map(|(_, setting)| *setting).collect();
    if needed.is_empty() {
        return String::new();
    }
    format!(
        "    -- A client's own settings must not decide what is recorded, or what counts as unchanged.\n    {}\n",
        needed.join(" ")
    )
}

/// Here or in what is called from here, which is read under the settings of this function.
fn has_backslash(s: &Subject<'_>, body: &str) -> bool {
    let called = [effects::guards(s), effects::effects(s)].into_iter().flatten().map(|function| function.create());
    std::iter::once(body.to_owned()).chain(called).any(|text| text.contains('\\'))
}

fn innermost(kind: &Kind) -> &Kind {
    match kind {
        Kind::Array(inner) => innermost(inner),
        kind => kind,
    }
}

/// `<> 'placed'`, or `NOT IN ('draft', 'placed')` while older binaries start elsewhere.
fn not_among(labels: &[String]) -> String {
    match labels {
        [one] => format!("<> {}", constant(one)),
        many => format!("NOT IN ({})", many.iter().map(|label| constant(label)).collect::<Vec<_>>().join(", ")),
    }
}

/// The edges that `which` picks, spelled as the body spells its step.
fn spelled(s: &Subject<'_>, which: impl Fn(&Edge<'_>) -> bool) -> Vec<String> {
    s.model.edges().iter().filter(|e| which(e)).map(|e| constant(&e.spelled())).collect()
}

fn internal(s: &Subject<'_>) -> String {
    let edges = spelled(s, |e| e.transition.is_internal());
    if edges.is_empty() { String::new() } else { format!("        internal := step = ANY ({});\n", array(&edges, 8)) }
}

/// Internal arrows that only older binaries take: to be tolerated, which is asked elsewhere.
fn retired_internal(s: &Subject<'_>) -> String {
    let edges = spelled(s, |e| e.transition.is_internal() && s.stage.is_retired(&e.spelled()));
    if edges.is_empty() { String::new() } else { format!(" AND step <> ALL ({})", array(&edges, 16)) }
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
        Some(Effect::Sql { .. }) => "        step := 'create';\n".to_owned(),
        None => String::new(),
    }
}

/// What only a transition may change, beside the version. A type of the user's may have no equality: its text has one.
fn fixed(row: &str, s: &Subject<'_>) -> String {
    let ours = ["state", "event", "entered_at", "actor", "key", "keyed"].map(|c| format!("{row}.{c}"));
    let own = |c: &Column<'_>| match (s.stage.settling(&c.field.name.label), &c.field.ty.sql) {
        (Some(settling), _) if row == "NEW" => settle::comparable_after(s, settling),
        (Some(settling), _) => settle::comparable(s, settling, row),
        (None, Some(_)) => format!("{row}.{}::text", quoted(&c.field.name.label)),
        (None, None) => format!("{row}.{}", quoted(&c.field.name.label)),
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

/// The common fields that an event's parameters set: all of its lines have the same, but for those of the older model.
fn common_set<'m>(s: &'m Subject<'_>, transition: &'m Transition) -> Vec<&'m Field> {
    let models = std::iter::once(s.model).chain(&s.stage.base);
    let set: Vec<String> = models
        .flat_map(|model| {
            let lines = model.transitions.iter().filter(|line| line.event.label == transition.event.label);
            lines.flat_map(|line| model.values(line)).collect::<Vec<_>>()
        })
        .filter(|(_, value)| matches!(value, Value::Parameter(_)))
        .map(|(field, _)| field.name.label.clone())
        .collect();
    s.common().map(|c| c.field).filter(|field| set.contains(&field.name.label)).collect()
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
pub(crate) fn taken(s: &Subject<'_>, transition: &Transition, now: &str, was: &str) -> String {
    let others = || s.model.lines_of(&transition.event.rust).filter(|line| *line != transition);
    let taken = format!("{now}.event = {}", constant(&transition.event.label));
    if others().next().is_none() {
        return taken;
    }
    let taken = format!("{taken} AND {was} {}", in_states(&s.model.sources(transition)));
    // While an arrow is led elsewhere, two lines of an event start in one state.
    match others().any(|line| line.sources.iter().any(|source| transition.sources.contains(source))) {
        true => format!("{taken} AND {now}.state = {}", lands(s, transition, was)),
        false => taken,
    }
}

/// Where a line leads, in the same function.
fn lands(s: &Subject<'_>, transition: &Transition, was: &str) -> String {
    let target = transition.target.as_ref().and_then(|target| s.model.state(&target.state));
    target.map_or_else(|| was.to_owned(), |state| constant(&state.name.label))
}

/// [`among`] for events.
pub(crate) fn event_is(events: &[&str]) -> String {
    among(&events.iter().map(|e| constant(e)).collect::<Vec<_>>())
}
