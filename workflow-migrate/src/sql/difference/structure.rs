//! Columns, constraints, and the settling trigger: what needs a lock on the table, and is done in an instant.

use super::Part;
use crate::sql::checks::{Check, checks};
use crate::sql::children::{Index, indexes};
use crate::sql::functions::{Trigger, triggers};
use crate::sql::phrase::limited;
use crate::sql::settle;
use crate::sql::subject::{Revisions, Subject};
use crate::sql::tables::{Stands, Unique, columns, uniques};
use crate::stage::Settling;
use workflow_model::names::quoted;

/// The change of the table itself, and what has to follow it.
#[derive(Debug, Default)]
pub(crate) struct Structure {
    /// For the file that locks the table.
    pub(crate) part: Part,
    /// Constraints that are not valid yet, by their names as SQL.
    pub(crate) unproven: Vec<String>,
    /// Columns that are required from now on, and the constraint that proves it; both as SQL.
    pub(crate) required: Vec<(String, String)>,
    /// `#[unique]` that is new: its index is built while others write.
    pub(crate) uniques: Vec<Unique>,
    /// How parents find their children from now on: built while others write, too.
    pub(crate) indexes: Vec<Index>,
    /// The numbers of the constraints from now on.
    pub(crate) revisions: Revisions,
}

/// From one stage of a table to another.
pub(crate) fn structure(before: &Subject<'_>, after: &Subject<'_>, revisions: &Revisions) -> Structure {
    let mut change =
        Change { before, after, old: revisions.clone(), found: Structure::default(), alter: Part::default(), late: Vec::new() };
    change.found.revisions = revisions.clone();
    change.initial();
    change.columns();
    change.constraints();
    // A column takes its constraints with it: they go before, and come back after it.
    change.gone_columns();
    change.refill();
    change.uniques();
    change.children();
    change.finish()
}

struct Change<'s, 'm> {
    before: &'s Subject<'m>,
    after: &'s Subject<'m>,
    old: Revisions,
    found: Structure,
    /// The parts of one ALTER TABLE.
    alter: Part,
    /// What the way back does once the settling trigger is there again.
    late: Vec<String>,
}

impl Change<'_, '_> {
    fn columns(&mut self) {
        let (old, new) = (columns(self.before), columns(self.after));
        for column in &new {
            match old.iter().find(|o| o.name == column.name) {
                None => self.alter.push(added(column), dropped(column)),
                Some(before) => self.column(before, column),
            }
        }
    }

    fn gone_columns(&mut self) {
        let (old, new) = (columns(self.before), columns(self.after));
        for column in old.iter().filter(|o| !new.iter().any(|n| n.name == o.name)) {
            self.gone(column);
        }
    }

    /// The state of an insert that does not name one.
    fn initial(&mut self) {
        let default = |s: &Subject<'_>| s.fill("ALTER state SET DEFAULT {initial}", &[]).trim_end().to_owned();
        let (old, new) = (default(self.before), default(self.after));
        if old != new {
            self.alter.push(new, old);
        }
    }

    fn column(&mut self, old: &Stands, new: &Stands) {
        let default = |column: &Stands| match &column.default {
            Some(value) => format!("ALTER {} SET DEFAULT {value}", column.name),
            None => format!("ALTER {} DROP DEFAULT", column.name),
        };
        if old.default != new.default {
            self.alter.push(default(new), default(old));
        }
        match (old.required, new.required) {
            (true, false) => {
                self.alter.push(format!("ALTER {} DROP NOT NULL", old.name), format!("ALTER {} SET NOT NULL", old.name))
            }
            (false, true) => self.require(new),
            (true, true) | (false, false) => {}
        }
    }

    /// `SET NOT NULL` scans the table under its strongest lock, unless a valid CHECK proves it.
    fn require(&mut self, column: &Stands) {
        let name = limited(&format!("{}_{}_present", self.after.model.table.name, column.name.trim_matches('"')));
        self.alter.push(
            format!("ADD CONSTRAINT {name} CHECK ({} IS NOT NULL) NOT VALID", column.name),
            format!("DROP CONSTRAINT {name}"),
        );
        self.found.unproven.push(name.clone());
        self.found.required.push((column.name.clone(), name));
    }

    fn gone(&mut self, column: &Stands) {
        let needs_filling = column.required && column.default.is_none();
        self.alter.push(dropped(column), added(&Stands { required: column.required && !needs_filling, ..column.clone() }));
        if needs_filling {
            self.late.push(format!("ALTER TABLE {} ALTER {} SET NOT NULL;", self.before.model.table(), column.name));
        }
    }

    /// What a column held may be gone: the trigger that comes back fills it again, where it can.
    fn refill(&mut self) {
        let keeps = |column: &str, states: &[String]| {
            let after = self.after.columns.iter().find(|c| c.field.name.label == column);
            after.is_some_and(|c| states.iter().all(|label| c.states.iter().any(|s| s.name.label == *label)))
        };
        let is_lost = |c: &Settling| c.fills.iter().any(|fill| !keeps(&c.column, &fill.states));
        if self.before.stage.settling.iter().any(is_lost) {
            self.late.insert(0, self.before.fill("UPDATE {table} o SET {id} = o.{id};", &[]).trim_end().to_owned());
        }
    }

    /// The way back from a column that a state has gained: it holds there what older binaries do not know.
    fn clear(&mut self, check: &Check) {
        let column = self.before.owned().find(|c| c.field.name.label == check.key);
        let (Some(column), true) = (column, self.after.stage.settling(&check.key).is_some()) else { return };
        let text = self.before.fill(
            include_str!("../clear.sql"),
            &[("column", quoted(&check.key)), ("states", crate::sql::phrase::labels(column.states.iter().copied()))],
        );
        self.late.push(text.trim_end().to_owned());
    }

    fn constraints(&mut self) {
        let (old, new) = (checks(self.before), checks(self.after));
        for check in &new {
            let before = old.iter().find(|o| o.key == check.key);
            if before == Some(check) {
                continue;
            }
            if let Some(before) = before {
                self.drop_check(before);
            }
            self.add_check(check);
        }
        for check in old.iter().filter(|o| !new.iter().any(|n| n.key == o.key)) {
            self.drop_check(check);
        }
    }

    fn drop_check(&mut self, check: &Check) {
        let name = check.name(self.before, &self.old);
        let back = format!("ADD {} NOT VALID", check.definition(self.before, &self.old));
        self.alter.push(format!("DROP CONSTRAINT {name}"), back);
        self.clear(check);
        self.late.push(format!("ALTER TABLE {} VALIDATE CONSTRAINT {name};", self.before.model.table()));
        self.found.revisions.entry(check.key.clone()).or_insert(1);
    }

    /// A name is never used again, not even for the same text: two files must not mean different things by it.
    fn add_check(&mut self, check: &Check) {
        if let Some(number) = self.found.revisions.get_mut(&check.key) {
            *number += 1;
        }
        let name = check.name(self.after, &self.found.revisions);
        let definition = check.definition(self.after, &self.found.revisions);
        self.alter.push(format!("ADD {definition} NOT VALID"), format!("DROP CONSTRAINT {name}"));
        self.found.unproven.push(name);
    }

    fn uniques(&mut self) {
        let (old, new) = (uniques(self.before), uniques(self.after));
        self.found.uniques = new.iter().filter(|u| !old.contains(u)).cloned().collect();
        let still = columns(self.after);
        for unique in old.iter().filter(|u| !new.contains(u)) {
            // A column takes its index with it.
            let goes = !still.iter().any(|column| column.name == quoted(&unique.column));
            let index = format!("DROP INDEX {}.{};", quoted(self.before.model.table.schema()), unique.name);
            match unique.constraint {
                true if goes => self.late.push(format!("ALTER TABLE {} ADD {};", self.before.model.table(), unique.definition())),
                true if self.before.model.adopt.is_some() => {
                    let back = format!("ALTER TABLE {} ADD {};", self.before.model.table(), unique.definition());
                    self.found.part.push(unique.drop_adopted(self.before), back);
                }
                true => self.alter.push(format!("DROP CONSTRAINT {}", unique.name), format!("ADD {}", unique.definition())),
                false if goes => self.late.push(unique.index(self.before, "")),
                false => self.found.part.push(index, unique.index(self.before, "")),
            }
        }
    }

    fn children(&mut self) {
        let (old, new) = (indexes(self.before), indexes(self.after));
        self.found.indexes = new.iter().filter(|index| !old.contains(index)).cloned().collect();
        let still = columns(self.after);
        for index in old.iter().filter(|index| !new.contains(index)) {
            // A column takes its index with it.
            match still.iter().any(|column| column.name == quoted(&index.column)) {
                true => self.found.part.push(index.drop(self.before), index.create(self.before, "")),
                false => self.late.push(index.create(self.before, "")),
            }
        }
    }

    /// The trigger must not name a column that is not there, nor be there without its function.
    fn finish(mut self) -> Structure {
        let (old, new) = (settling(self.before), settling(self.after));
        let alter = Part { up: statement(self.after, self.alter.up), down: statement(self.after, self.alter.down) };
        let goes = drop_trigger(&old, &new);
        let comes = swap_function(self.before, self.after).then(create_trigger(&old, &new));
        let probed = Part { up: new.as_ref().and_then(|_| settle::probe(self.after)).into_iter().collect(), down: Vec::new() };
        let mut part = goes.then(self.found.part).then(alter).then(probed).then(comes);
        part.down.extend(self.late);
        self.found.part = part;
        self.found
    }
}

fn added(column: &Stands) -> String {
    format!("ADD COLUMN {}", column.definition())
}

fn dropped(column: &Stands) -> String {
    format!("DROP COLUMN {}", column.name)
}

fn statement(s: &Subject<'_>, parts: Vec<String>) -> Vec<String> {
    if parts.is_empty() { parts } else { vec![format!("ALTER TABLE {}\n    {};", s.model.table(), parts.join(",\n    "))] }
}

fn settling(s: &Subject<'_>) -> Option<Trigger> {
    triggers(s).into_iter().find(|trigger| trigger.is_settling())
}

fn drop_trigger(old: &Option<Trigger>, new: &Option<Trigger>) -> Part {
    match (old, new) {
        (Some(old), None) => Part { up: vec![old.drop()], down: vec![old.create()] },
        (Some(_) | None, Some(_)) | (None, None) => Part::default(),
    }
}

fn create_trigger(old: &Option<Trigger>, new: &Option<Trigger>) -> Part {
    match (old, new) {
        (None, Some(new)) => Part { up: vec![new.create()], down: vec![new.drop()] },
        (Some(_), Some(_) | None) | (None, None) => Part::default(),
    }
}

fn swap_function(before: &Subject<'_>, after: &Subject<'_>) -> Part {
    match (settle::function(before), settle::function(after)) {
        (None, Some(new)) => Part { up: vec![new.create()], down: vec![new.drop()] },
        (Some(old), None) => Part { up: vec![old.drop()], down: vec![old.create()] },
        (Some(old), Some(new)) if old != new => Part { up: vec![new.replace(&old)], down: vec![old.replace(&new)] },
        (Some(_), Some(_)) | (None, None) => Part::default(),
    }
}
