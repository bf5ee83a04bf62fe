//! `pub workflow Order in orders { fields, states { … } groups { … } transitions { … } }`

use super::attrs::{On, attributes};
use super::children::parent;
use super::cursor::Cursor;
use super::fields::{self, field};
use super::list::{Separators, is_separator, skip_item};
use super::names::{name, nearest};
use super::states::{groups, states};
use super::transitions::{Line, transitions};
use crate::ast::{Attrs, Table, Workflow};
use crate::fault::{Faults, ParseError, Result, SECTION};
use proc_macro2::{Delimiter, Ident, TokenStream};
use syn::Visibility;
use syn::parse::{ParseStream, Parser};

const SECTIONS: [&str; 3] = ["states", "groups", "transitions"];

/// The whole block.
pub(super) fn workflow(cursor: &mut Cursor, faults: &mut Faults) -> Option<Workflow> {
    match header(cursor, faults) {
        Ok(mut workflow) => {
            match cursor.group(Delimiter::Brace) {
                Some(mut inside) => body(&mut inside, &mut workflow, faults),
                None => faults.push(cursor.expected("`{`")),
            }
            if !cursor.is_end() {
                let fault = cursor.expected("the end of the block");
                faults.push(fault.help("put every workflow into a `workflow!` of its own"));
            }
            Some(workflow)
        }
        Err(fault) => {
            faults.push(fault);
            None
        }
    }
}

/// `pub workflow Shipment in shipments of Order by order_id`
fn header(cursor: &mut Cursor, faults: &mut Faults) -> Result<Workflow> {
    let attrs = attributes(cursor, On::Workflow, faults);
    let vis = visibility(cursor);
    keyword(cursor, faults);
    if cursor.is_word(0, "in") {
        return Err(cursor.expected("the workflow's name"));
    }
    let name = name(cursor, "the workflow's name", faults)?;
    let table = table(cursor, &name, faults);
    let parent = parent(cursor, faults);
    Ok(Workflow {
        attrs,
        vis,
        name,
        table,
        parent,
        fields: Vec::new(),
        states: Vec::new(),
        groups: Vec::new(),
        create: None,
        transitions: Vec::new(),
    })
}

/// `pub`, `pub(crate)`, or nothing
fn visibility(cursor: &mut Cursor) -> Visibility {
    let tokens: Vec<_> = cursor.rest().iter().take(2).cloned().collect();
    let parser = |input: ParseStream<'_>| Ok((input.parse::<Visibility>()?, input.parse::<TokenStream>()?));
    let Ok((vis, rest)) = parser.parse2(tokens.iter().cloned().collect()) else { return Visibility::Inherited };
    let read = tokens.len().saturating_sub(rest.into_iter().count());
    (0..read).for_each(|_| drop(cursor.bump()));
    vis
}

/// `workflow`. Where `struct` or nothing stands instead, the rest is read as if it stood there.
fn keyword(cursor: &mut Cursor, faults: &mut Faults) {
    if cursor.is_word(0, "workflow") && cursor.word(1).is_some() {
        cursor.bump();
        return;
    }
    let fault = cursor.expected("`workflow`").help("begin with `workflow Order in orders { … }`");
    match (cursor.word(0), cursor.word(1)) {
        (Some(_), Some(next)) if next != "in" => {
            cursor.bump();
            faults.push(fault);
        }
        (Some(word), _) if word != "workflow" => faults.push(fault),
        _ => {
            cursor.eat_word("workflow");
        }
    }
}

/// `in sales.orders`. Without it, the workflow's name makes do until the fault is mended.
fn table(cursor: &mut Cursor, workflow: &Ident, faults: &mut Faults) -> Table {
    let label = workflow_model::names::label(&workflow.to_string());
    let help = || format!("write `{workflow} in {label}s`");
    let stand_in = || Table { schema: None, name: workflow.clone() };
    if cursor.eat_word("in").is_none() {
        faults.push(cursor.expected("`in` and the table").help(help()));
        if cursor.word(0).is_none() {
            return stand_in();
        }
    }
    let Some(first) = cursor.word(0).cloned() else {
        faults.push(cursor.expected("the table's name").help(help()));
        cursor.skip_until(|cursor| cursor.is_group(0, Delimiter::Brace));
        return stand_in();
    };
    cursor.bump();
    let dot = cursor.is(".") || cursor.is("::");
    if cursor.is("::") {
        faults.push(cursor.expected("`.` or `{`").help(format!("write `{first}.{label}s`")));
    }
    if !dot {
        return Table { schema: None, name: first };
    }
    cursor.skip_until(|cursor| cursor.word(0).is_some() || cursor.is_group(0, Delimiter::Brace));
    match cursor.word(0).cloned() {
        Some(name) => {
            cursor.bump();
            Table { schema: Some(first), name }
        }
        None => {
            faults.push(cursor.expected("the table's name"));
            Table { schema: None, name: first }
        }
    }
}

/// Which sections have been met.
#[derive(Default)]
struct Seen {
    sections: [bool; 3],
    unknown: bool,
}

/// Everything between the braces.
fn body(inside: &mut Cursor, workflow: &mut Workflow, faults: &mut Faults) {
    let header = faults.len();
    let mut seen = Seen::default();
    let mut separators = Separators::default();
    while !inside.is_end() {
        let before = inside.position();
        let on = if section_starts(inside, super::attrs::width(inside)) { On::Section } else { On::Field };
        let attrs = attributes(inside, on, faults);
        if section_starts(inside, 0) {
            section(inside, workflow, &mut seen, faults);
        } else {
            common_field(inside, attrs, workflow, &seen, &mut separators, faults);
        }
        if inside.position() == before {
            inside.bump();
        }
    }
    // The name stands before everything in the body, and so do these.
    faults.splice(header..header, missing(workflow, &seen));
}

fn missing(workflow: &Workflow, seen: &Seen) -> Vec<ParseError> {
    let examples = [("states", "initial Draft, final Done"), ("transitions", "finish: Draft -> Done")];
    let absent = |section: &str| SECTIONS.iter().zip(seen.sections).any(|(name, met)| *name == section && !met && !seen.unknown);
    let fault = |(section, example): (&str, &str)| {
        ParseError::new(SECTION, workflow.name.span(), format!("`{}` has no `{section}`", workflow.name))
            .help(format!("add `{section} {{ {example} }}`"))
    };
    examples.into_iter().filter(|(section, _)| absent(section)).map(fault).collect()
}

/// `states {`, and whatever else looks like it. A field may be called `states`: then a colon follows.
fn section_starts(cursor: &Cursor, n: usize) -> bool {
    let known = cursor.word(n).is_some_and(|word| SECTIONS.iter().any(|section| word == section));
    known && !cursor.is_at(n + 1, ":") || cursor.word(n).is_some() && cursor.is_group(n + 1, Delimiter::Brace)
}

/// `states { … }`
fn section(cursor: &mut Cursor, workflow: &mut Workflow, seen: &mut Seen, faults: &mut Faults) {
    let Some(word) = cursor.word(0).cloned() else { return };
    let text = word.to_string();
    cursor.bump();
    let near = nearest(&text, &SECTIONS);
    let Some(index) = SECTIONS.iter().position(|section| Some(*section) == near) else {
        let fault = ParseError::syntax(word.span(), format!("unknown section `{text}`"));
        faults.push(fault.help("the sections are `states`, `groups` and `transitions`"));
        seen.unknown = true;
        cursor.bump();
        return;
    };
    if text != SECTIONS[index] {
        let fault = ParseError::syntax(word.span(), format!("unknown section `{text}`"));
        faults.push(fault.help(format!("did you mean `{}`?", SECTIONS[index])));
    }
    if std::mem::replace(&mut seen.sections[index], true) {
        let fault = ParseError::new(SECTION, word.span(), format!("`{}` stands twice", SECTIONS[index]));
        faults.push(fault.help("put everything into the first one"));
    }
    match cursor.group(Delimiter::Brace) {
        Some(mut inside) => content(index, &mut inside, workflow, faults),
        None => {
            faults.push(cursor.expected(&format!("`{{` after `{text}`")));
            cursor.skip_until(|cursor| section_starts(cursor, 0));
        }
    }
    if is_separator(cursor) {
        cursor.bump();
    }
}

fn content(section: usize, inside: &mut Cursor, workflow: &mut Workflow, faults: &mut Faults) {
    match SECTIONS[section] {
        "states" => workflow.states.extend(states(inside, faults)),
        "groups" => workflow.groups.extend(groups(inside, faults)),
        _ => {
            for line in transitions(inside, faults) {
                match line {
                    Line::Transition(transition) => workflow.transitions.push(transition),
                    Line::Create(create) if workflow.create.is_some() => {
                        let fault = ParseError::new(SECTION, create.name.span(), "`create` stands twice");
                        faults.push(fault.help("put its effect and its tasks into one line"));
                    }
                    Line::Create(create) => workflow.create = Some(create),
                }
            }
        }
    }
}

/// `id: Uuid,`
fn common_field(
    cursor: &mut Cursor,
    attrs: Attrs,
    workflow: &mut Workflow,
    seen: &Seen,
    separators: &mut Separators,
    faults: &mut Faults,
) {
    let stop = |cursor: &Cursor| is_separator(cursor) || section_starts(cursor, 0);
    match field(cursor, attrs, On::Field, faults) {
        Ok(field) => {
            if seen.unknown || seen.sections.contains(&true) {
                let fault = ParseError::syntax(field.name.span(), format!("the field `{}` stands behind a section", field.name));
                faults.push(fault.help("fields stand before `states`"));
            }
            workflow.fields.push(field);
            separators.after_item(cursor, faults, |cursor| fields::starts(cursor) || section_starts(cursor, 0));
        }
        Err(fault) => {
            faults.push(fault);
            skip_item(cursor, stop);
        }
    }
}
