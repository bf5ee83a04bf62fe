//! Data: every field of every state has one type, one column, and on each way in exactly one value.

use super::context::{Context, Faults, listed, nearest};
use super::literals;
use super::names::fields;
use super::sql;
use crate::diagnostic::{Part, Place};
use crate::model::{Field, Parameter, State, Target, Transition, Trigger};

/// The first field is the primary key: without one, or with one that may be NULL, no instance could be found.
pub(super) fn missing_key(context: &Context<'_>, faults: &mut Faults) {
    let model = context.model;
    match model.key() {
        None => faults.add(
            Place::Workflow,
            format!("`{}` has no field, and the first one is its key", model.name.rust),
            "`id: Uuid,`",
        ),
        Some(key) if key.ty.optional => {
            let message = format!("`{}` is the key, and a key cannot be missing", key.name.rust);
            faults.add(Place::FieldType(0), message, format!("`{}: {}`", key.name.rust, without_option(&key.ty.rust)));
        }
        Some(_) => {}
    }
}

fn without_option(ty: &str) -> &str {
    ty.strip_prefix("Option<").and_then(|t| t.strip_suffix('>')).unwrap_or(ty).trim()
}

/// Where a transition leads, all fields must be there: from a parameter, a literal, or the state that is left.
pub(super) fn unset_fields(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines() {
        let (Some(target), Some(state), Some(sources)) = (&line.target, context.target(line), context.sources(line)) else {
            continue;
        };
        for field in state.fields.iter().filter(|f| !is_given(context, line, target, f)) {
            let name = &field.name.rust;
            let lacking: Vec<&State> = sources.iter().copied().filter(|s| s.field(name).is_none()).collect();
            if !lacking.is_empty() {
                let message = format!("`{}.{name}` is not set by `{}`", state.name.rust, line.event.rust);
                faults.add(Place::Transition(i, Part::Target), message, ways_to_set(line, state, field, &lacking));
            }
        }
    }
}

/// Also given is what was meant by a misspelt literal or parameter: that one is reported where it stands.
fn is_given(context: &Context<'_>, line: &Transition, target: &Target, field: &Field) -> bool {
    let name = field.name.rust.as_str();
    let literal = target.literals.iter().any(|(l, _)| l == name);
    let misspelt = context.target(line).is_some_and(|state| {
        let literals = target.literals.iter().map(|(l, _)| l.as_str()).filter(|l| state.field(l).is_none());
        let parameters = line.parameters.iter().filter(|p| !is_used(context, line, p)).map(|p| p.name.as_str());
        literals.chain(parameters).any(|given| nearest(given, state.fields.iter().map(|f| f.name.rust.as_str())) == Some(name))
    });
    context.model.field(name).is_some() || line.parameter(name).is_some() || literal || misspelt
}

fn ways_to_set(line: &Transition, state: &State, field: &Field, lacking: &[&State]) -> String {
    let (name, ty) = (&field.name.rust, &field.ty.rust);
    let mut ways = Vec::new();
    if !fires_without_payload(line) {
        ways.push(format!("the parameter `{name}: {ty}`"));
    }
    if let Some(example) = literals::example(&field.ty) {
        ways.push(format!("a literal `{} {{ {name}: {example} }}`", state.name.rust));
    }
    let holders = listed(lacking.iter().map(|s| s.name.rust.as_str()));
    match ways.as_slice() {
        [] => format!("add the field `{name}: {ty}` to {holders}"),
        [way] => format!("add {way}, or the field to {holders}"),
        _ => format!("add {}, or the field to {holders}", ways.join(", ")),
    }
}

/// Nobody is there to give parameters when a timer or an exhaustion fires.
pub(super) fn fires_without_payload(line: &Transition) -> bool {
    line.triggers.iter().any(|t| !matches!(t, Trigger::By(_)))
}

/// A parameter sets the field of its name, as it is.
pub(super) fn mistyped_parameters(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines() {
        for (p, parameter) in line.parameters.iter().enumerate() {
            let Some((path, field)) = context.field_set_by(line, parameter) else { continue };
            if parameter.ty.rust != field.ty.rust {
                let (event, is, should) = (&line.event.rust, &parameter.ty.rust, &field.ty.rust);
                let message = format!("the parameter `{}` of `{event}` is `{is}`, but `{path}` is `{should}`", parameter.name);
                faults.add(Place::Transition(i, Part::ParameterType(p)), message, format!("`{}: {should}`", parameter.name));
            }
        }
    }
}

/// States that have a field of one name share its column, and what is carried over must fit.
pub(super) fn diverging_fields(context: &Context<'_>, faults: &mut Faults) {
    let states = &context.model.states;
    for (s, state) in states.iter().enumerate() {
        for (f, field) in state.fields.iter().enumerate() {
            let name = field.name.rust.as_str();
            let Some((first, other)) = states[..s].iter().find_map(|o| Some((o, o.field(name)?))) else { continue };
            let (here, there) = (format!("`{}.{name}`", state.name.rust), format!("`{}.{name}`", first.name.rust));
            if field.ty.rust != other.ty.rust {
                let message = format!("{here} is `{}`, but {there} is `{}`", field.ty.rust, other.ty.rust);
                faults.add(Place::StateFieldType(s, f), message, format!("`{name}: {}`, or another name", other.ty.rust));
            } else if let Some(what) = diverging_attribute(field, other) {
                let message = format!("{here} and {there} are one column, but have different `#[{what}]`");
                faults.add(Place::StateField(s, f), message, format!("the same `#[{what}]` on both, or another name for one"));
            }
        }
    }
}

fn diverging_attribute(one: &Field, other: &Field) -> Option<&'static str> {
    let differences = [
        ("sql", one.ty.sql != other.ty.sql),
        ("label", one.name.label != other.name.label),
        ("renamed_from", one.name.renamed_from != other.name.renamed_from),
        ("unique", one.unique != other.unique),
        ("default", one.default != other.default),
        ("was", one.was != other.was),
    ];
    differences.into_iter().find(|(_, differ)| *differ).map(|(what, _)| what)
}

/// `Cancelled { raeson: "…" }`.
pub(super) fn misplaced_literals(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines() {
        let (Some(target), Some(state)) = (&line.target, context.target(line)) else { continue };
        for (l, (name, _)) in target.literals.iter().enumerate().filter(|(_, (name, _))| state.field(name).is_none()) {
            let help = match (context.model.field(name), nearest(name, state.fields.iter().map(|f| f.name.rust.as_str()))) {
                (Some(common), _) => format!("a common field is set by a parameter: `{name}: {}`", common.ty.rust),
                (None, Some(near)) => format!("did you mean `{near}`?"),
                (None, None) => format!("remove it, or declare the field in `{}`", state.name.rust),
            };
            let message = format!("`{}` has no field `{name}`", state.name.rust);
            faults.add(Place::Transition(i, Part::LiteralName(l)), message, help);
        }
    }
    for (i, removed) in context.model.removed.iter().enumerate() {
        let Some(state) = context.model.state(&removed.target.state) else { continue };
        for (l, (name, _)) in removed.target.literals.iter().enumerate().filter(|(_, (name, _))| state.field(name).is_none()) {
            let help = match (context.model.field(name), nearest(name, state.fields.iter().map(|f| f.name.rust.as_str()))) {
                (Some(_), _) => "leave it out: a common field keeps what it holds".to_owned(),
                (None, Some(near)) => format!("did you mean `{near}`?"),
                (None, None) => format!("remove it, or declare the field in `{}`", state.name.rust),
            };
            let message = format!("`{}` has no field `{name}`", state.name.rust);
            faults.add(Place::Removed(i, Part::LiteralName(l)), message, help);
        }
    }
}

/// A parameter and a literal, or two literals, for one field.
pub(super) fn doubled_values(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines() {
        let literals = line.target.iter().flat_map(|t| &t.literals).map(|(name, _)| name).collect::<Vec<_>>();
        for (l, name) in literals.iter().enumerate() {
            let other = if line.parameter(name).is_some() {
                format!("the parameter `{name}`")
            } else if literals[..l].contains(name) {
                "a literal before".to_owned()
            } else {
                continue;
            };
            let message = format!("`{name}` is set by {other} and by this literal");
            faults.add(Place::Transition(i, Part::LiteralName(l)), message, "remove one of the two");
        }
    }
    for (i, removed) in context.model.removed.iter().enumerate() {
        let literals = &removed.target.literals;
        for (l, (name, _)) in literals.iter().enumerate().filter(|(l, (name, _))| literals[..*l].iter().any(|(n, _)| n == name)) {
            let message = format!("`{name}` is set by a literal before and by this literal");
            faults.add(Place::Removed(i, Part::LiteralName(l)), message, "remove one of the two");
        }
    }
}

/// A type that is none of ours needs to be told its column.
pub(super) fn unknown_column_types(context: &Context<'_>, faults: &mut Faults) {
    for (place, field) in fields(context.model).into_iter().filter(|(_, field)| field.ty.sql().is_none()) {
        let message = format!("no column type is known for `{}`", field.ty.rust);
        let help = "say it: `#[sql = \"…\"]`; known are bool, i16, i32, i64, f32, f64, String, Uuid, Vec<u8>, DateTime<Utc>, \
                    NaiveDate, Decimal, Json<T>, and Option<T> and Vec<T> of them";
        faults.add(type_of(place), message, help);
    }
}

/// `#[sql]` goes into `CREATE TABLE` as it is written.
pub(super) fn malformed_column_types(context: &Context<'_>, faults: &mut Faults) {
    for (place, field) in fields(context.model) {
        let Some(text) = field.ty.sql.as_deref().filter(|text| !sql::is_type_name(text)) else { continue };
        let message = format!("{text:?} is not the name of a type");
        faults.add(type_of(place), message, "the name of a type alone, such as `#[sql = \"numeric(12,2)\"]`");
    }
}

fn type_of(place: Place) -> Place {
    match place {
        Place::Field(i) => Place::FieldType(i),
        Place::StateField(s, f) => Place::StateFieldType(s, f),
        other => other,
    }
}

/// A parameter that no line of its event puts anywhere.
pub(super) fn unused_parameters(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines().filter(|(i, line)| context.is_first_line(*i, line)) {
        for (p, parameter) in line.parameters.iter().enumerate().filter(|(_, p)| !is_used(context, line, p)) {
            let (name, event) = (&parameter.name, &line.event.rust);
            let near = context.target(line).and_then(|s| nearest(name, s.fields.iter().map(|f| f.name.rust.as_str())));
            let help = match (near, context.target(line)) {
                (Some(near), _) => format!("did you mean `{near}`?"),
                (None, Some(state)) => {
                    format!(
                        "declare the field `{name}: {}` in `{}`, or hand it to an effect: `with …`",
                        parameter.ty.rust, state.name.rust
                    )
                }
                (None, None) => {
                    format!("declare the common field `{name}: {}`, or hand it to an effect: `with …`", parameter.ty.rust)
                }
            };
            let message = format!("the parameter `{name}` of `{event}` is no field, and no effect gets it");
            faults.add(Place::Transition(i, Part::Parameter(p)), message, help);
        }
    }
}

/// Whether any line of the event makes something of the parameter, or has a fault that keeps us from knowing.
fn is_used(context: &Context<'_>, line: &Transition, parameter: &Parameter) -> bool {
    context.model.lines_of(&line.event.rust).any(|line| {
        let unknown = context.sources(line).is_none() || !line.is_internal() && context.target(line).is_none();
        unknown || fires_without_payload(line) || line.app_effect().is_some() || context.field_set_by(line, parameter).is_some()
    })
}
