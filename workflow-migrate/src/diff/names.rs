//! What the workflow itself is called, where its table stands, and its key.

use super::{Change, Difference, Versions};
use workflow_model::Place;

pub(super) fn compare(v: &Versions<'_>, found: &mut Difference) {
    workflow(v, found);
    table(v, found);
    key(v, found);
}

fn workflow(v: &Versions<'_>, found: &mut Difference) {
    let (from, to) = (&v.old.name.label, &v.new.name.label);
    if from == to {
        return;
    }
    found.change(Change::WorkflowRenamed { from: from.clone(), to: to.clone() });
    if v.after.name.renamed_from.as_ref() != Some(from) {
        let help = format!(
            "write `#[renamed_from = \"{from}\"]` on the workflow, or `#[label = \"{from}\"]` to keep the database's name"
        );
        found.refuse(Place::Workflow, format!("the workflow `{from}` has become `{to}`"), help);
    }
}

fn table(v: &Versions<'_>, found: &mut Difference) {
    let (from, to) = (v.old.table(), v.new.table());
    if from == to {
        return;
    }
    found.change(Change::TableMoved { from: from.clone(), to: to.clone() });
    let said = v.after.moved_from.as_ref().map(workflow_model::Table::qualified);
    if said.as_ref() != Some(&from) {
        let written =
            v.before.table.schema.as_ref().map(|schema| format!("{schema}.")).unwrap_or_default() + &v.before.table.name;
        let help = format!("write `#[moved_from({written})]` on the workflow if its rows move, or name the table as before");
        found.refuse(Place::Table, format!("the table of `{}` was {from} and is {to}", v.new.name.label), help);
    }
}

fn key(v: &Versions<'_>, found: &mut Difference) {
    let (Some(old), Some(new)) = (v.old.key(), v.new.key()) else { return };
    let name = (old.name.label != new.name.label).then(|| format!("is called `{}`, not `{}`", new.name.label, old.name.label));
    let was = || old.ty.sql().unwrap_or_default();
    let ty = (old.ty.sql() != new.ty.sql()).then(|| format!("is {}, not {}", new.ty.sql().unwrap_or_default(), was()));
    if let Some(what) = name.or(ty) {
        let help = "leave the key as it was; for another key, declare a new workflow beside this one and move the rows yourself";
        found.refuse(Place::Field(0), format!("the key of a migrated workflow cannot change: it {what}"), help);
    }
}
