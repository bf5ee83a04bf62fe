//! What a declaration says about its own change: defaults, former names and types, and what is gone.
//!
//! Only what can be said without the schema as it was; the rest is judged where a migration is planned.

use super::context::{Context, Faults};
use super::labels::labelled;
use super::names::fields;
use super::sql::{self, Expression};
use crate::diagnostic::{Part, Place};
use crate::model::{Field, Literal, Name, Table, Trigger};
use crate::names::label;
use std::collections::BTreeMap;

/// An attribute of the field that stands at a place.
pub(super) fn attribute_of(place: Place, attribute: &'static str) -> Place {
    match place {
        Place::Field(i) => Place::FieldAttribute(i, attribute),
        Place::StateField(s, f) => Place::StateFieldAttribute(s, f, attribute),
        other => other,
    }
}

/// `#[default = None]`: what a field that may be missing has anyhow. Where it may not be missing, the literal does not fit. And any
/// default of a state's field that may be missing: a `None` of this version's binaries would be taken for what an older one left out.
/// One that succeeds another field has its rows filled from that, and the default where that has none.
pub(super) fn idle_defaults(context: &Context<'_>, faults: &mut Faults) {
    for (place, field) in fields(context.model).into_iter().filter(|(_, field)| field.ty.optional) {
        let at = attribute_of(place, "default");
        match (&field.default, place) {
            (Some(Literal::None), _) => {
                let message = format!("`{}` is `None` in existing rows without a default too", field.name.rust);
                faults.add(at, message, "leave `#[default = None]` out, or give a value");
            }
            (Some(_), Place::StateField(..)) if field.name.renamed_from.is_none() => {
                let message = format!("`{}` may be `None` in its state, and no row gets this default", field.name.rust);
                let help = "leave `#[default = …]` out and fill the rows yourself, or declare the field without the `Option`";
                faults.add(at, message, help);
            }
            (Some(_) | None, _) => {}
        }
    }
}

/// Every row has its key, and history and jobs refer to it.
pub(super) fn changes_of_the_key(context: &Context<'_>, faults: &mut Faults) {
    let Some(key) = context.model.key() else { return };
    let (name, at) = (&key.name.rust, |attribute| Place::FieldAttribute(0, attribute));
    if key.default.is_some() {
        let message = format!("`{name}` is the key, which differs in every row and has no default");
        faults.add(at("default"), message, "leave `#[default = …]` out");
    }
    if key.was.is_some() {
        let message = format!("`{name}` is the key, and its type cannot be changed while older binaries use it");
        faults.add(at("was"), message, "leave `#[was(…)]` out, and the type as it was");
    }
}

/// An older binary still reads the old column in its old type: the new one stands beside it, and needs a name of its own.
pub(super) fn conversions_in_place(context: &Context<'_>, faults: &mut Faults) {
    for (place, field) in others(context) {
        let Some(old) = field.was.as_ref().map(|_| former(&field.name)) else { continue };
        let message = match &field.name.renamed_from {
            Some(from) if *from != field.name.label => continue,
            Some(_) => format!("`{}` had another type, and its new column has the name of the old one", field.name.rust),
            None => format!("`{}` had another type, and nothing says which column held it", field.name.rust),
        };
        let help = format!("beside the old column, a name of its own: `#[label = \"{old}_2\"] #[renamed_from = \"{old}\"]`");
        faults.add(attribute_of(place, "was"), message, help);
    }
}

fn former(name: &Name) -> &str {
    name.renamed_from.as_deref().unwrap_or(&name.label)
}

/// All fields but the key, which has a rule of its own.
fn others<'m>(context: &Context<'m>) -> impl Iterator<Item = (Place, &'m Field)> {
    fields(context.model).into_iter().filter(|(place, _)| *place != Place::Field(0))
}

/// The texts of `#[was]` stand in an `UPDATE` and in a trigger.
pub(super) fn unfit_conversions(context: &Context<'_>, faults: &mut Faults) {
    const CONVERSION: Expression = Expression { what: "conversion", example: "`#[was(i32, \"amount * 100\", \"cents / 100\")]`" };
    for (place, field) in fields(context.model) {
        let texts = field.was.iter().flat_map(|was| [("forward", &was.forward), ("back", &was.back)]);
        for (which, text) in texts {
            if let Some((message, help)) = text.as_deref().and_then(|text| sql::unfit_expression(text, &CONVERSION)) {
                faults.add(attribute_of(place, which), message, help);
            }
        }
    }
}

/// `#[dropped(sku)]` says that a field may go that is no more.
pub(super) fn dropped_but_declared(context: &Context<'_>, faults: &mut Faults) {
    let model = context.model;
    for (i, gone) in model.dropped.iter().enumerate() {
        let path = gone.path();
        let holder = match &gone.state {
            None => model.field(&gone.field).map(|_| "the common fields".to_owned()),
            Some(state) => model.state(state).and_then(|s| s.field(&gone.field)).map(|_| format!("`{state}`")),
        };
        if let Some(holder) = holder {
            let help = format!("remove `{}` from {holder}, or the attribute `#[dropped({path})]`", gone.field);
            faults.add(Place::Dropped(i), format!("`{path}` is dropped, but it is still declared"), help);
        }
    }
}

/// `#[renamed_from = "paid"]` on what is called so.
pub(super) fn renamed_from_themselves(context: &Context<'_>, faults: &mut Faults) {
    for (place, name, kind) in
        labelled(context).into_iter().filter(|(_, name, _)| name.renamed_from.as_ref() == Some(&name.label))
    {
        if kind == "field" && fields(context.model).iter().any(|(at, field)| *at == place && field.was.is_some()) {
            continue;
        }
        let message = format!("the {kind} `{}` still has the label `{}` that it is renamed from", name.rust, name.label);
        faults.add(renaming(place), message, "leave `#[renamed_from]` out, or write the label that it had before");
    }
}

/// Where `#[renamed_from]` stands on the thing of a place.
fn renaming(place: Place) -> Place {
    const WORD: &str = "renamed_from";
    match place {
        Place::Workflow => Place::Attribute(WORD),
        Place::State(s) => Place::StateAttribute(s, WORD),
        Place::Transition(i, _) => Place::Transition(i, Part::Attribute(WORD)),
        other => attribute_of(other, WORD),
    }
}

/// Two things that claim one past. States that have a field of one name share it.
pub(super) fn shared_pasts(context: &Context<'_>, faults: &mut Faults) {
    let mut heirs: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for (place, name, kind) in labelled(context) {
        let Some(from) = name.renamed_from.as_deref().filter(|from| *from != name.label) else { continue };
        let heir = *heirs.entry((kind, from)).or_insert(&name.rust);
        if heir != name.rust {
            let message = format!("the {kind}s `{heir}` and `{}` are both renamed from `{from}`", name.rust);
            faults.add(renaming(place), message, "only one of them can be what it was: leave `#[renamed_from]` out of the other");
        }
    }
    for (i, gone) in context.model.removed.iter().enumerate() {
        let from = label(&gone.state);
        if let Some(heir) = heirs.get(&("state", from.as_str())) {
            let message = format!("`{}` is removed, but `{heir}` is renamed from `{from}`", gone.state);
            let help = format!("leave `#[removed({} -> …)]` out: its rows are `{heir}` now", gone.state);
            faults.add(Place::Removed(i, Part::Source(0)), message, help);
        }
    }
}

/// A label that another thing of the kind has now cannot also be somebody's former one: whose are the rows that say it?
pub(super) fn pasts_in_use(context: &Context<'_>, faults: &mut Faults) {
    let all = labelled(context);
    for (place, name, kind) in &all {
        let Some(from) = name.renamed_from.as_deref().filter(|from| *from != name.label) else { continue };
        let user = all.iter().find(|(_, other, what)| what == kind && other.label == from && other.rust != name.rust);
        if let Some((_, user, _)) = user {
            let message =
                format!("`{}` is renamed from `{from}`, but `{from}` is the label of the {kind} `{}`", name.rust, user.rust);
            let help = format!("another label for `{}`, or leave `#[renamed_from = \"{from}\"]` out", user.rust);
            faults.add(renaming(*place), message, help);
        }
    }
}

/// `#[moved_from(orders)]` on what stands in `orders`.
pub(super) fn moves_to_the_same_table(context: &Context<'_>, faults: &mut Faults) {
    let table = &context.model.table;
    if context.model.moved_from.as_ref() == Some(table) {
        let (written, name) = (spelled(table), &context.model.name.rust);
        let message = format!("`{name}` stands in `{written}`, where it is said to have moved from");
        faults.add(Place::Attribute("moved_from"), message, "leave `#[moved_from]` out, or name the table where it stood before");
    }
}

fn spelled(table: &Table) -> String {
    match &table.schema {
        Some(schema) => format!("{schema}.{}", table.name),
        None => table.name.clone(),
    }
}

/// Only `after 30 minutes` has a length that may have changed; `at` goes by its field anyhow.
pub(super) fn nothing_to_retime(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines().filter(|(_, line)| line.retime) {
        if !line.triggers.iter().any(|trigger| matches!(trigger, Trigger::After(_))) {
            let message = format!("no timer of a fixed length fires this line of `{}`", line.event.rust);
            let help = "leave `#[retime]` out: it stands on a line with `after 30 minutes`";
            faults.add(Place::Transition(i, Part::Attribute("retime")), message, help);
        }
    }
}
