//! A model as the block that declares it.

use std::fmt::Write;
use workflow_model::{Effect, Field, Literal, Model, Name, State, StateKind, Target, Transition, Trigger};

/// The text of a `workflow!` block.
pub(crate) fn source(model: &Model) -> String {
    let mut text = "workflow! {\n".to_owned();
    for removed in &model.removed {
        writeln!(text, "    #[removed({} -> {})]", removed.state, target(&removed.target)).unwrap();
    }
    for dropped in &model.dropped {
        let value = dropped.value.as_ref().map(|v| format!(" = {}", literal(v))).unwrap_or_default();
        writeln!(text, "    #[dropped({}{value})]", dropped.path()).unwrap();
    }
    if let Some(table) = &model.moved_from {
        writeln!(text, "    #[moved_from({})]", table.name).unwrap();
    }
    text += &name("    ", &model.name);
    let parent = model.parent.as_ref().map(|parent| format!(" of {} by {}", parent.path, parent.field)).unwrap_or_default();
    writeln!(text, "    pub workflow {} in {}{parent} {{", model.name.rust, model.table.name).unwrap();
    for f in &model.fields {
        writeln!(text, "{},", field("        ", f, "\n        ")).unwrap();
    }
    text += "\n        states {\n";
    for state in &model.states {
        text += &declared(state);
    }
    text += "        }\n\n        transitions {\n";
    for line in &model.transitions {
        text += &transition(line);
    }
    text + "        }\n    }\n}\n"
}

fn name(indent: &str, name: &Name) -> String {
    let label = if name.explicit { format!("{indent}#[label = {:?}]\n", name.label) } else { String::new() };
    let from = name.renamed_from.as_ref().map(|from| format!("{indent}#[renamed_from = {from:?}]\n")).unwrap_or_default();
    label + &from
}

fn field(indent: &str, field: &Field, end: &str) -> String {
    let mut text = name("", &field.name).replace('\n', end);
    text.insert_str(0, indent);
    if let Some(default) = &field.default {
        write!(text, "#[default = {}]{end}", literal(default)).unwrap();
    }
    if let Some(was) = &field.was {
        write!(text, "#[was({})]{end}", was.ty.rust).unwrap();
    }
    if field.unique {
        write!(text, "#[unique]{end}").unwrap();
    }
    if let Some(sql) = &field.ty.sql {
        write!(text, "#[sql = {sql:?}]{end}").unwrap();
    }
    write!(text, "{}: {}", field.name.rust, field.ty.rust).unwrap();
    text
}

fn declared(state: &State) -> String {
    let kind = match state.kind {
        StateKind::Initial => "initial ",
        StateKind::Normal => "",
        StateKind::Final => "final ",
    };
    let fields: Vec<String> = state.fields.iter().map(|f| field("", f, " ")).collect();
    let fields = if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join(", ")) };
    format!("{}            {kind}{}{fields},\n", name("            ", &state.name), state.name.rust)
}

fn transition(line: &Transition) -> String {
    let retime = if line.retime { "            #[retime]\n" } else { "" };
    let parameters: Vec<String> = line.parameters.iter().map(|p| format!("{}: {}", p.name, p.ty.rust)).collect();
    let parameters = if parameters.is_empty() { String::new() } else { format!("({})", parameters.join(", ")) };
    let to = line.target.as_ref().map(|t| format!(" -> {}", target(t))).unwrap_or_default();
    let triggers: String = line.triggers.iter().map(trigger).collect();
    let effect = match &line.effect {
        None => String::new(),
        Some(Effect::App(method)) => format!(" with {method}"),
        Some(Effect::Sql { text, maybe }) => format!(" with sql {}{text:?}", if *maybe { "maybe " } else { "" }),
    };
    let tasks: String = line.tasks.iter().map(|task| format!(" then {task}")).collect();
    let guard = line.guard.as_ref().map(|guard| format!(" if sql {guard:?}")).unwrap_or_default();
    let names = name("            ", &line.event);
    let (event, sources) = (&line.event.rust, line.sources.join(" | "));
    format!("{names}{retime}            {event}{parameters}: {sources}{to}{triggers}{effect}{tasks}{guard},\n")
}

fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::After(duration) => format!(" after {} seconds", duration.seconds),
        Trigger::At(field) => format!(" at {field}"),
        Trigger::Exhausted { failures, activity } => format!(" after {failures} failures of {activity}"),
        Trigger::By(activity) => format!(" by {activity}"),
        Trigger::Joined { child } => format!(" after all {child}"),
    }
}

fn target(target: &Target) -> String {
    let literals: Vec<String> = target.literals.iter().map(|(name, value)| format!("{name}: {}", literal(value))).collect();
    if literals.is_empty() { target.state.clone() } else { format!("{} {{ {} }}", target.state, literals.join(", ")) }
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::None => "None".into(),
        Literal::Bool(value) => value.to_string(),
        Literal::Integer(digits) | Literal::Float(digits) => digits.clone(),
        Literal::Text(text) => format!("{text:?}"),
        Literal::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        Literal::Other(written) => written.clone(),
    }
}
