//! One function an event: what its transition does, for psql, another language or another table's trigger.

use super::phrase::{dollars, in_states};
use super::routine::Routine;
use super::subject::Subject;
use workflow_model::edges::Value;
use workflow_model::names::{constant, quoted};
use workflow_model::{Column, Parameter, State, Transition};

/// The functions of all events that have a line without an effect in the application.
pub(crate) fn functions(s: &Subject<'_>) -> Vec<Routine> {
    s.model.events().into_iter().filter_map(|event| function(s, event)).collect()
}

/// The lines of an event: those that any client may take, and those whose effect only the application has.
struct Lines<'m> {
    open: Vec<&'m Transition>,
    closed: Vec<&'m Transition>,
}

impl<'m> Lines<'m> {
    fn of(s: &Subject<'m>, event: &'m Transition) -> Lines<'m> {
        let (closed, open) = s.callable(event).into_iter().partition(|t| t.app_effect().is_some());
        Lines { open, closed }
    }

    fn sources(s: &Subject<'m>, lines: &[&'m Transition]) -> Vec<&'m State> {
        s.model.states.iter().filter(|state| lines.iter().any(|t| s.model.starts_in(t, state))).collect()
    }
}

fn function<'m>(s: &Subject<'m>, event: &'m Transition) -> Option<Routine> {
    let lines = Lines::of(s, event);
    if lines.open.is_empty() {
        return None;
    }
    let name = s.name(&event.event.label);
    let assignments: Vec<String> = assignments(s, &lines, &name).into_iter().map(|(c, value)| format!("{c} = {value}")).collect();
    let body = s.fill(
        include_str!("event_body.sql"),
        &[
            ("function", name),
            ("event", constant(&event.event.label)),
            ("assignments", format!("        {}", assignments.join(",\n        "))),
            ("sources", in_states(&Lines::sources(s, &lines.open))),
            ("elsewhere", elsewhere(s, &lines, &event.event.label)),
        ],
    );
    let (names, types): (Vec<_>, Vec<_>) = parameters(s, event).into_iter().unzip();
    let parameters: Vec<String> = names.iter().zip(&types).map(|(name, ty)| format!("{name} {ty}")).collect();
    let values = [
        ("function", s.model.function(&event.event.label)),
        ("parameters", parameters.join(", ")),
        ("title", event.event.label.replace(|c: char| c.is_control(), " ")),
        ("body", dollars(&body)),
    ];
    let text = s.fill(include_str!("event.sql"), &values);
    Some(Routine::of(s.model.function(&event.event.label), &types, text).granted("workflow_app"))
}

/// The key, then the parameters that set fields, as declared. Those that only an effect gets have no use here.
fn parameters(s: &Subject<'_>, event: &Transition) -> Vec<(String, String)> {
    let parameter = |p: &Parameter| {
        let column = s.columns.iter().find(|c| c.field.name.rust == p.name)?;
        Some((quoted(&column.field.name.label), column.field.ty.sql()?))
    };
    std::iter::once((s.key(), s.key_type())).chain(event.parameters.iter().filter_map(parameter)).collect()
}

fn assignments(s: &Subject<'_>, lines: &Lines<'_>, function: &str) -> Vec<(String, String)> {
    let state = by_line(s, &lines.open, "o.state", |t| {
        t.target.as_ref().and_then(|target| s.model.state(&target.state)).map(|to| constant(&to.name.label))
    });
    let event = lines.open.first().map(|t| constant(&t.event.label));
    let entered = by_line(s, &lines.open, "o.entered_at", |t| (!t.is_internal()).then(|| "now()".to_owned()));
    let mut all: Vec<(String, String)> = state.map(|v| ("state".to_owned(), v)).into_iter().collect();
    all.extend(event.map(|v| ("event".to_owned(), v)));
    all.push(("version".to_owned(), "o.version + 1".to_owned()));
    all.extend(entered.map(|v| ("entered_at".to_owned(), v)));
    for column in &s.columns {
        let name = quoted(&column.field.name.label);
        let value = by_line(s, &lines.open, &format!("o.{name}"), |t| value(s, t, column, function));
        all.extend(value.map(|value| (name, value)));
    }
    all
}

fn value(s: &Subject<'_>, transition: &Transition, column: &Column<'_>, function: &str) -> Option<String> {
    let (_, value) = s.model.values(transition).into_iter().find(|(f, _)| f.name.label == column.field.name.label)?;
    Some(match value {
        Value::Parameter(_) => format!("{function}.{}", quoted(&column.field.name.label)),
        Value::Literal(literal) => literal.sql(),
        Value::Cleared => "NULL".to_owned(),
    })
}

/// What a column becomes: one value when all lines agree, else a CASE; none when no line touches it. The last arm keeps the
/// column, which also gives bare constants its type.
fn by_line(s: &Subject<'_>, lines: &[&Transition], keep: &str, value: impl Fn(&Transition) -> Option<String>) -> Option<String> {
    let values: Vec<Option<String>> = lines.iter().map(|t| value(t)).collect();
    let first = values.first()?;
    if values.iter().all(|v| v == first) {
        return first.clone();
    }
    let arm = |(t, v): (&&Transition, &Option<String>)| {
        Some(format!("WHEN o.state {} THEN {} ", in_states(&s.model.sources(t)), v.as_ref()?))
    };
    let arms: String = lines.iter().zip(&values).filter_map(arm).collect();
    Some(format!("CASE {arms}ELSE {keep} END"))
}

fn elsewhere(s: &Subject<'_>, lines: &Lines<'_>, event: &str) -> String {
    if lines.closed.is_empty() {
        return String::new();
    }
    let closed = in_states(&Lines::sources(s, &lines.closed));
    let values = [("closed", closed), ("event", constant(event)), ("function", s.name(event))];
    s.fill(include_str!("event_elsewhere.sql"), &values)
}
