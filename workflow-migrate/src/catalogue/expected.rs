//! What must stand for a snapshot.

use super::statement::{PRIMARY, read};
use super::{Aspect, Catalogue, Kind, Thing, types};
use crate::snapshot::{Snapshot, Standing};
use crate::sql::subject::Subject;
use crate::sql::{children, former, functions, routine::Routine, tables, views};
use crate::stage::Stage;

/// What a snapshot says of a database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// What must be there.
    pub catalogue: Catalogue,
    /// Labels whose rows of `workflow.edges` and `workflow.models` are this workflow's alone.
    pub labels: Vec<String>,
    /// The fingerprint of the declaration before, while its binaries may run: what a database has that is behind.
    pub before: Option<String>,
    /// The workflow's tables as `schema.name`: its own, its history, its jobs.
    pub tables: Vec<String>,
}

/// What must stand for a snapshot: for both models while a contract phase waits, nothing when the workflow was dropped.
pub fn expected(snapshot: &Snapshot) -> Expected {
    if snapshot.standing == Standing::Dropped {
        return Expected { labels: vec![snapshot.model.name.label.clone()], ..Expected::default() };
    }
    let stage = match &snapshot.pending {
        Some(base) => Stage::between(base, &snapshot.model),
        None => Stage::of(&snapshot.model),
    };
    let subject = Subject::new(&stage);
    let mut catalogue = Catalogue::default();
    read(&mut catalogue, &crate::sql::shared_part());
    relations(&mut catalogue, &subject, snapshot);
    for routine in functions::routines(&subject) {
        read(&mut catalogue, &Routine::create(&routine));
    }
    functions::triggers(&subject).iter().for_each(|trigger| read(&mut catalogue, &trigger.create()));
    views::views(&subject).iter().for_each(|view| read(&mut catalogue, &view.text));
    // What takes the stand-ins away has a way back, which makes them.
    former::left(&subject).down.iter().for_each(|statement| read(&mut catalogue, statement));
    declared(&mut catalogue, &subject);
    let table = |suffix: &str| format!("{}.{}{suffix}", stage.model.table.schema(), stage.model.table.name);
    Expected {
        labels: stage.records.iter().map(|record| record.label.clone()).collect(),
        before: snapshot.pending.as_ref().map(workflow_model::fingerprint::fingerprint),
        tables: ["", "_history", "_jobs"].map(table).to_vec(),
        catalogue,
    }
}

fn relations(catalogue: &mut Catalogue, s: &Subject<'_>, snapshot: &Snapshot) {
    read(catalogue, &tables::own(s, &snapshot.revisions));
    read(catalogue, &tables::beside(s));
    read(catalogue, &(tables::indexes(s) + &children::create(s)));
    let table = format!("{}.{}", s.model.table.schema(), s.model.table.name);
    for column in &s.columns {
        // As a migration asks of PostgreSQL: a domain or an enum of the user's may have any name.
        let ty = column.field.ty.sql().unwrap_or_default();
        catalogue.say(Thing::new(Kind::Column, &table, &column.field.name.label), Aspect::Type, types::canonical(&ty));
    }
    if s.model.adopt.is_some() {
        adopted(catalogue, s, &table);
    }
}

/// The table was there before: its own defaults are its own, and its key may be any unique index.
fn adopted(catalogue: &mut Catalogue, s: &Subject<'_>, table: &str) {
    for column in &s.columns {
        let column = Thing::new(Kind::Column, table, &column.field.name.label);
        catalogue.forget(&column, Aspect::Default);
        if catalogue.get(&column, Aspect::Required) == Some("no") {
            catalogue.forget(&column, Aspect::Required);
        }
    }
    catalogue.things.remove(&Thing::new(Kind::Constraint, table, PRIMARY));
    for unique in tables::uniques(s).iter().filter(|unique| unique.constraint) {
        catalogue.things.remove(&Thing::new(Kind::Constraint, table, unique.name.trim_matches('"')));
    }
}

fn declared(catalogue: &mut Catalogue, s: &Subject<'_>) {
    for edge in s.model.edges() {
        let spelled = edge.spelled();
        let mode = if s.stage.is_retired(&spelled) { "warn" } else { "enforce" };
        catalogue.say(Thing::new(Kind::Edge, s.label(), spelled), Aspect::Mode, mode);
    }
    for record in &s.stage.records {
        catalogue.say(Thing::new(Kind::Record, &record.label, ""), Aspect::Fingerprint, &record.fingerprint);
    }
}
