//! What a mutation has left open: values for targets, payloads that agree, literals that fit.

use super::chance::Chance;
use workflow_model::{Field, Kind, Literal, Model, Parameter, StateKind, Target, Type};

/// Makes a mutated model whole again, as far as that goes; the rules say whether it is.
pub(crate) fn complete(model: &mut Model, before: &Model, chance: &mut Chance) {
    for event in model.transitions.iter().map(|line| line.event.rust.clone()).collect::<Vec<_>>() {
        payload(model, &event);
    }
    for n in 0..model.transitions.len() {
        values(model, n, chance);
    }
    for event in model.transitions.iter().map(|line| line.event.rust.clone()).collect::<Vec<_>>() {
        payload(model, &event);
    }
    removals(model, before);
    guards(model);
}

/// A condition goes with the column that it names first.
fn guards(model: &mut Model) {
    let fields: Vec<String> = model.fields.iter().map(|f| f.name.label.clone()).collect();
    let stays = |guard: &String| {
        let named = guard.split(' ').next().unwrap_or_default();
        named == "version" || fields.iter().any(|label| label == named)
    };
    model.transitions.iter_mut().for_each(|line| line.guard = line.guard.take().filter(stays));
}

/// A value of a type that has literals.
pub(crate) fn example(ty: &Type, chance: &mut Chance) -> Option<Literal> {
    let number = chance.below(9) + 1;
    Some(match &ty.kind {
        Kind::Bool => Literal::Bool(number > 4),
        Kind::I16 | Kind::I32 | Kind::I64 if number > 6 => Literal::Integer(format!("-{number}")),
        Kind::I16 | Kind::I32 | Kind::I64 => Literal::Integer(number.to_string()),
        Kind::F32 | Kind::F64 => Literal::Float(format!("{number}.5")),
        Kind::Text if number > 6 => Literal::Text(format!("it's \\ \"{number}\" $$ % {{table}}")),
        Kind::Text => Literal::Text(format!("text {number}")),
        Kind::Bytes => Literal::Bytes(vec![0, 255, 39]),
        Kind::Decimal | Kind::Uuid | Kind::Timestamp | Kind::Date | Kind::Json | Kind::Array(_) | Kind::Other => return None,
    })
}

/// One payload for all lines of an event, of the fields that there are, in their types.
fn payload(model: &mut Model, event: &str) {
    let lines: Vec<usize> = (0..model.transitions.len()).filter(|n| model.transitions[*n].event.rust == event).collect();
    let mut names: Vec<String> = Vec::new();
    for line in lines.iter().map(|n| &model.transitions[*n]) {
        names.extend(line.parameters.iter().map(|p| p.name.clone()));
    }
    let mut parameters: Vec<Parameter> = Vec::new();
    for name in names {
        let common = model.fields.iter().skip(1).find(|f| f.name.rust == name);
        let of_lines = |n: &usize| {
            let line = &model.transitions[*n];
            let states: Vec<&String> = line
                .target
                .iter()
                .map(|t| &t.state)
                .chain(line.target.is_none().then_some(&line.sources).into_iter().flatten())
                .collect();
            states.iter().find_map(|state| model.state(state)?.field(&name))
        };
        let Some(field) = common.or_else(|| lines.iter().find_map(of_lines)) else { continue };
        if !parameters.iter().any(|p| p.name == name) {
            parameters.push(Parameter { name, ty: field.ty.clone() });
        }
    }
    for n in lines {
        let line = &mut model.transitions[n];
        line.parameters.clone_from(&parameters);
        if let Some(target) = &mut line.target {
            target.literals.retain(|(name, _)| !parameters.iter().any(|p| p.name == *name));
        }
    }
}

/// Every field of the target gets one.
fn values(model: &mut Model, n: usize, chance: &mut Chance) {
    let line = model.transitions[n].clone();
    let Some(target) = &line.target else { return };
    let Some(fields) = model.state(&target.state).map(|s| s.fields.clone()) else { return };
    let mut literals: Vec<(String, Literal)> = Vec::new();
    for field in &fields {
        let name = &field.name.rust;
        let carried = line.sources.iter().all(|s| model.state(s).and_then(|s| s.field(name)).is_some_and(|f| f.ty == field.ty));
        let known = target.literals.iter().find(|(n, value)| n == name && fits(value, field));
        match known {
            _ if line.parameters.iter().any(|p| p.name == *name) => {}
            Some(known) => literals.push(known.clone()),
            None if carried => {}
            None if field.ty.optional => literals.push((name.clone(), Literal::None)),
            None => match example(&field.ty, chance).filter(|_| !line.triggers.is_empty() || chance.percent(60)) {
                Some(value) => literals.push((name.clone(), value)),
                None => model.transitions[n].parameters.push(Parameter { name: name.clone(), ty: field.ty.clone() }),
            },
        }
    }
    model.transitions[n].target = Some(Target { state: target.state.clone(), literals });
}

pub(crate) fn fits(value: &Literal, field: &Field) -> bool {
    match (value, &field.ty.kind) {
        (Literal::None, _) => field.ty.optional,
        (Literal::Bool(_), Kind::Bool) | (Literal::Text(_), Kind::Text) | (Literal::Bytes(_), Kind::Bytes) => true,
        (Literal::Integer(_), kind) => matches!(kind, Kind::I16 | Kind::I32 | Kind::I64),
        (Literal::Float(_), kind) => matches!(kind, Kind::F32 | Kind::F64),
        (Literal::Bool(_) | Literal::Text(_) | Literal::Bytes(_) | Literal::Other(_), _) => false,
    }
}

/// Rows of a removed state need the fields of the one where they go.
fn removals(model: &mut Model, before: &Model) {
    let fallback = model.states.iter().find(|s| s.kind == StateKind::Initial).map(|s| s.name.rust.clone()).unwrap_or_default();
    for mut removed in std::mem::take(&mut model.removed) {
        if model.state(&removed.target.state).is_none() {
            removed.target.state.clone_from(&fallback);
        }
        let Some(target) = model.state(&removed.target.state) else { continue };
        let was = before.state(&removed.state);
        let lacks = |f: &&Field| {
            !f.ty.optional && !was.is_some_and(|s| s.fields.iter().any(|o| o.name.label == f.name.label && o.ty == f.ty))
        };
        let mut chance = Chance::new(7);
        let literal = |f: &Field| Some((f.name.rust.clone(), example(&f.ty, &mut chance)?));
        removed.target.literals = target.fields.iter().filter(lacks).filter_map(literal).collect();
        model.removed.push(removed);
    }
}
