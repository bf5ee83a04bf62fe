//! A table that moved: its way, and what stands at its old place as long as older binaries look for it there.

use super::difference::Part;
use super::functions::{Trigger, routines, triggers};
use super::phrase::{array, dollars};
use super::routine::Routine;
use super::subject::{Revisions, Subject};
use super::views::{View, views};
use super::{checks, children, rights, tables};
use crate::phase::Draft;
use crate::stage::Stage;
use workflow_model::Table;
use workflow_model::names::{constant, quoted};

/// The file that moves the tables, and the stage that then stands: the older model at the new place.
pub(crate) fn moved(here: &Stage, there: &Stage, revisions: &Revisions) -> (Draft, Stage) {
    let mut after = here.clone();
    after.model.table = there.model.table.clone();
    let (old, new) = (Subject::new(here), Subject::new(&after));
    let both = Subject::new(there);
    let moved = take_down(&old).then(way(&old, &new, revisions)).then(put_up(&new)).then(stand_ins(&old, &new, &both));
    let part = Part { up: vec![lock(&old)], down: Vec::new() }.then(moved).then(Part { up: Vec::new(), down: vec![lock(&new)] });
    let why = "The tables move; views stand at their old place for the version before.";
    (Draft::transaction(&both, "move", why, &part), after)
}

/// Everything at once, the views first. Whoever reads one table and waits for another meets this as a deadlock, which PostgreSQL
/// looks for after a second: by then this has given up, and is tried again.
fn lock(s: &Subject<'_>) -> String {
    let views: Vec<String> = views(s).into_iter().map(|view| view.name).collect();
    s.fill(include_str!("lock.sql"), &[("views", views.join(", "))]).trim_end().to_owned()
}

/// Functions, triggers and views have the table's name in theirs: they are made anew.
fn take_down(s: &Subject<'_>) -> Part {
    let up = put_up(s);
    Part { up: up.down, down: up.up }
}

fn put_up(s: &Subject<'_>) -> Part {
    let mut part = Part::default();
    let mut add = |up: String, down: String| {
        part.up.push(up);
        part.down.insert(0, down);
    };
    routines(s).iter().for_each(|routine| add(routine.create(), routine.drop()));
    triggers(s).iter().for_each(|trigger: &Trigger| add(trigger.create(), trigger.drop()));
    views(s).iter().for_each(|view: &View| add(view.text.clone(), view.drop()));
    part.up.push(rights::grants(s));
    part
}

/// The tables, and what has their name in its own.
fn way(old: &Subject<'_>, new: &Subject<'_>, revisions: &Revisions) -> Part {
    let (from, to) = (&old.model.table, &new.model.table);
    let mut part = Part::default();
    for suffix in ["", "_history", "_jobs"] {
        part = part.then(table(from, to, suffix));
    }
    part = part.then(constraints(old, new, revisions));
    for suffix in ["_history", "_jobs"] {
        let keys = [from, to].map(|t| quoted(&format!("{}{suffix}_pkey", t.name)));
        part = part.then(renamed(&format!("ALTER TABLE {} RENAME CONSTRAINT", to.beside(suffix)), &keys[0], &keys[1]));
    }
    let indexes = tables::beside_indexes(old).into_iter().zip(tables::beside_indexes(new));
    let owned = |s: &Subject<'_>| tables::uniques(s).into_iter().filter(|u| !u.constraint).map(|u| u.name).collect::<Vec<_>>();
    let parents = |s: &Subject<'_>| children::indexes(s).into_iter().map(children::Index::name).collect::<Vec<_>>();
    let indexes = indexes.chain(parents(old).into_iter().zip(parents(new)));
    indexes.chain(owned(old).into_iter().zip(owned(new))).fold(part, |part, (was, is)| part.then(index(to, "", &was, &is)))
}

fn table(from: &Table, to: &Table, suffix: &str) -> Part {
    let mut part = Part::default();
    if from.schema() != to.schema() {
        let change = |table: &Table, other: &Table| {
            let name = quoted(&format!("{}{suffix}", from.name));
            format!("ALTER TABLE {}.{name} SET SCHEMA {};", quoted(table.schema()), quoted(other.schema()))
        };
        part = part.then(Part { up: vec![change(from, to)], down: vec![change(to, from)] });
    }
    if from.name != to.name {
        let change = |was: &Table, is: &Table| {
            let (schema, was, is) =
                (quoted(to.schema()), quoted(&format!("{}{suffix}", was.name)), quoted(&format!("{}{suffix}", is.name)));
            format!("ALTER TABLE {schema}.{was} RENAME TO {is};")
        };
        part = part.then(Part { up: vec![change(from, to)], down: vec![change(to, from)] });
    }
    part
}

/// What is called like the table. In a table that was there before the workflow, its key and what is unique may have any name.
fn constraints(old: &Subject<'_>, new: &Subject<'_>, revisions: &Revisions) -> Part {
    let table = &new.model.table;
    let checks = |s: &Subject<'_>| checks::checks(s).into_iter().map(|check| check.name(s, revisions)).collect::<Vec<_>>();
    let uniques = |s: &Subject<'_>| {
        let uniques = tables::uniques(s).into_iter().filter(|u| u.constraint).map(|u| u.name);
        std::iter::once(quoted(&format!("{}_pkey", s.model.table.name))).chain(uniques).collect::<Vec<_>>()
    };
    let rename = |was: &str, is: &str| renamed(&format!("ALTER TABLE {} RENAME CONSTRAINT", table.qualified()), was, is);
    let unique = |was: &str, is: &str| match old.model.adopt {
        Some(_) => index(table, "IF EXISTS ", was, is),
        None => rename(was, is),
    };
    let checks = checks(old).into_iter().zip(checks(new)).map(|(was, is)| rename(&was, &is));
    let uniques = uniques(old).into_iter().zip(uniques(new)).map(|(was, is)| unique(&was, &is));
    uniques.chain(checks).fold(Part::default(), Part::then)
}

fn index(of: &Table, how: &str, was: &str, is: &str) -> Part {
    if was == is {
        return Part::default();
    }
    let rename = |was: &str, is: &str| format!("ALTER INDEX {how}{}.{was} RENAME TO {is};", quoted(of.schema()));
    Part { up: vec![rename(was, is)], down: vec![rename(is, was)] }
}

fn renamed(how: &str, was: &str, is: &str) -> Part {
    if was == is {
        return Part::default();
    }
    Part { up: vec![format!("{how} {was} TO {is};")], down: vec![format!("{how} {is} TO {was};")] }
}

/// Views at the old place, through which one can read and write, and functions that call those at the new one.
fn stand_ins(old: &Subject<'_>, new: &Subject<'_>, both: &Subject<'_>) -> Part {
    let mut part = Part { up: vec![view(old, new, both)], down: vec![format!("DROP VIEW {};", old.model.table())] };
    for suffix in ["_history", "_jobs"] {
        let (was, is) = (old.model.table.beside(suffix), new.model.table.beside(suffix));
        let view = format!("CREATE VIEW {was} AS SELECT * FROM {is};");
        part = part.then(Part { up: vec![view], down: vec![format!("DROP VIEW {was};")] });
    }
    for (was, is) in routines(old).iter().zip(routines(new)) {
        let Some(stand_in) = was.stand_in(&is) else { continue };
        part = part.then(Part { up: vec![stand_in], down: vec![was.drop()] });
    }
    part.then(Part { up: vec![old_rights(old)], down: Vec::new() })
}

/// The rows as they were: a column that is new must be free to go again, and one that comes back stands where it stood.
fn view(old: &Subject<'_>, new: &Subject<'_>, both: &Subject<'_>) -> String {
    let labels = |s: &Subject<'_>| s.columns.iter().map(|c| c.field.name.label.clone()).collect::<Vec<_>>();
    let known = labels(old);
    let ours = tables::OURS.map(|(name, _)| constant(name));
    let added: Vec<String> = labels(both).iter().filter(|label| !known.contains(label)).map(|label| constant(label)).collect();
    let known: Vec<String> = known.iter().map(|label| constant(label)).chain(ours).collect();
    let (was, is) = (old.model.table(), new.model.table());
    let values = [("was", constant(&was)), ("is", constant(&is)), ("known", array(&known, 8)), ("added", array(&added, 8))];
    let body = old.fill(include_str!("former_view.sql"), &values);
    format!("DO {};", dollars(&body))
}

fn old_rights(old: &Subject<'_>) -> String {
    let grants = old.fill(include_str!("rights_former.sql"), &[]);
    rights::where_there_are_roles(old, &grants)
}

/// Takes the stand-ins away, where there are any.
pub(crate) fn left(stage: &Subject<'_>) -> Part {
    let (Some(base), Some(_)) = (&stage.stage.base, stage.stage.former_table()) else { return Part::default() };
    let here = Stage::of(base);
    let mut there = here.clone();
    there.model.table = stage.model.table.clone();
    let part = stand_ins(&Subject::new(&here), &Subject::new(&there), stage);
    Part { up: part.down, down: part.up }
}

impl Routine {
    /// At the old place, a function that calls the one at the new place; none for those that only our triggers call.
    fn stand_in(&self, there: &Routine) -> Option<String> {
        self.grant()?;
        let (name, arguments) = self.signature.split_once('(')?;
        let count = if arguments == ")" { 0 } else { arguments.split(", ").count() };
        let numbers: Vec<String> = (1..=count).map(|n| format!("${n}")).collect();
        let target = there.signature.split_once('(')?.0;
        Some(format!(
            "CREATE FUNCTION {name}({arguments} RETURNS {} LANGUAGE sql AS $$ SELECT {target}({}) $$;",
            there.returns()?,
            numbers.join(", ")
        ))
    }
}
