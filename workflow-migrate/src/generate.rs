//! Declarations and snapshots in, files out. Nothing is written before everything is known.

use crate::error::{Error, Errors, none_of};
use crate::folder::{self, Folder};
use crate::project::Project;
use crate::snapshot::{Recorded, Snapshot};
use crate::source::Declared;
use crate::sql::first_migration;
use std::path::{Path, PathBuf};
use workflow_model::Model;
use workflow_model::fingerprint::fingerprint;

/// The files that are missing, the migrations first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What to write.
    pub files: Vec<File>,
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub content: String,
    /// A snapshot is replaced; a migration must be new.
    pub snapshot: bool,
}

impl Plan {
    /// Whether the database needs something.
    pub fn migrates(&self) -> bool {
        self.files.iter().any(|file| !file.snapshot)
    }

    /// Writes the files. A snapshot appears last and whole, so that it never speaks of a migration that is not there.
    ///
    /// # Errors
    ///
    /// When a file cannot be written, or a migration is there already. What was written before stays, and is found by the next run.
    pub fn write(&self) -> Result<(), Error> {
        self.files.iter().filter(|f| !f.snapshot).chain(self.files.iter().filter(|f| f.snapshot)).try_for_each(File::write)
    }
}

impl File {
    fn write(&self) -> Result<(), Error> {
        let failed = |source| Error::Io { path: self.path.clone(), source };
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        if self.snapshot {
            let unfinished = self.path.with_extension("json.new");
            std::fs::write(&unfinished, &self.content).map_err(failed)?;
            return std::fs::rename(&unfinished, &self.path).map_err(failed);
        }
        let mut file = std::fs::File::create_new(&self.path).map_err(failed)?;
        std::io::Write::write_all(&mut file, self.content.as_bytes()).map_err(failed)
    }
}

/// How a version reads as a time.
const TIME: &str = "%Y%m%d%H%M%S";

/// The time as a version: `YYYYMMDDHHMMSS` in UTC.
pub fn now() -> i64 {
    chrono::Utc::now().format(TIME).to_string().parse().unwrap_or(0)
}

/// The next version: a second later, so that it reads as a time; where it is no time, one more.
fn after(version: i64) -> i64 {
    let time = chrono::NaiveDateTime::parse_from_str(&version.to_string(), TIME);
    let later = time.ok().and_then(|time| time.checked_add_signed(chrono::TimeDelta::seconds(1)));
    later.and_then(|time| time.format(TIME).to_string().parse().ok()).unwrap_or(version.saturating_add(1))
}

/// What a project's folder lacks of what its sources declare. `now` is the lowest version that a new file may have.
///
/// # Errors
///
/// When a generated file or a snapshot is not what it was, and when a workflow was changed or taken away since it was migrated:
/// then nothing is planned for any workflow of the project.
pub fn plan(project: &Project, declared: &[Declared], now: i64) -> Result<Plan, Errors> {
    let folder = Folder::read(&project.migrations)?;
    let snapshots = snapshots(&project.migrations)?;
    none_of(unexplained(project, &folder, declared, &snapshots))?;
    let mut planner =
        Planner { project, next: after(folder.highest()).max(now), reversible: folder.reversible(), plan: Plan::default() };
    let mut shared = snapshots.is_empty();
    for workflow in declared {
        match snapshots.iter().find(|s| s.model.name.label == workflow.model.name.label) {
            Some(snapshot) => planner.refresh(snapshot, &workflow.model),
            None => planner.create(&workflow.model, std::mem::take(&mut shared)),
        }
    }
    Ok(planner.plan)
}

/// Every snapshot of the folder, each whole and each with its files as they were.
fn snapshots(migrations: &Path) -> Result<Vec<Snapshot>, Errors> {
    let folder = folder::snapshots(migrations);
    let (mut snapshots, mut errors) = (Vec::new(), Vec::new());
    for name in folder::names(&folder)?.iter().filter(|name| name.ends_with(".json")) {
        match Snapshot::load(&folder.join(name)) {
            Ok(snapshot) => snapshots.push(snapshot),
            Err(error) => errors.push(error),
        }
    }
    for recorded in snapshots.iter().flat_map(|s: &Snapshot| &s.files) {
        errors.extend(changed(&migrations.join(&recorded.name), recorded));
    }
    none_of(errors)?;
    Ok(snapshots)
}

fn changed(path: &Path, recorded: &Recorded) -> Option<Error> {
    match std::fs::read(path) {
        Ok(content) if Recorded::of(&recorded.name, &content) == *recorded => None,
        Ok(_) => Some(Error::Edited(path.to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(Error::Missing(path.to_owned())),
        Err(source) => Some(Error::Io { path: path.to_owned(), source }),
    }
}

/// Differences for which no file can be written.
fn unexplained(project: &Project, folder: &Folder, declared: &[Declared], snapshots: &[Snapshot]) -> Vec<Error> {
    let path = |label: &str| snapshot_path(&project.migrations, label);
    let mut errors = Vec::new();
    for snapshot in snapshots {
        let label = &snapshot.model.name.label;
        match declared.iter().find(|d| d.model.name.label == *label) {
            None => errors.push(Error::Vanished { workflow: label.clone(), snapshot: path(label) }),
            Some(d) if fingerprint(&d.model) != fingerprint(&snapshot.model) => {
                errors.push(Error::Changed { workflow: label.clone(), snapshot: path(label) });
            }
            Some(_) => {}
        }
    }
    let new = declared.iter().map(|d| &d.model.name.label).filter(|l| !snapshots.iter().any(|s| s.model.name.label == **l));
    for label in new {
        let create = folder.files.iter().find(|f| f.split_once('_').is_some_and(|(_, rest)| is_create(rest, label)));
        errors.extend(create.map(|file| Error::Orphan {
            file: project.migrations.join(file),
            workflow: label.clone(),
            snapshot: path(label),
        }));
    }
    errors
}

fn is_create(file: &str, label: &str) -> bool {
    file.strip_prefix(label).is_some_and(|rest| rest == "_create.sql" || rest == "_create.up.sql")
}

fn snapshot_path(migrations: &Path, label: &str) -> PathBuf {
    folder::snapshots(migrations).join(format!("{label}.json"))
}

struct Planner<'p> {
    project: &'p Project,
    next: i64,
    reversible: bool,
    plan: Plan,
}

impl Planner<'_> {
    /// Docs, order, groups and Rust names: the database knows nothing of them, the snapshot does.
    fn refresh(&mut self, snapshot: &Snapshot, model: &Model) {
        if snapshot.model != *model {
            self.snapshot(&snapshot.refreshed(model.clone()));
        }
    }

    fn create(&mut self, model: &Model, shared: bool) {
        let migration = first_migration(model);
        let mut files = Vec::new();
        if shared {
            files.extend(self.migration("workflow", migration.shared, migration.shared_down));
        }
        let head = self.next;
        files.extend(self.migration(&format!("{}_create", model.name.label), migration.up, migration.down));
        self.snapshot(&Snapshot::first(model.clone(), head, files));
    }

    fn migration(&mut self, description: &str, up: String, down: String) -> Vec<Recorded> {
        let stem = format!("{}_{description}", self.next);
        self.next = after(self.next);
        match self.reversible {
            true => vec![self.sql(format!("{stem}.up.sql"), up), self.sql(format!("{stem}.down.sql"), down)],
            false => vec![self.sql(format!("{stem}.sql"), up)],
        }
    }

    fn sql(&mut self, name: String, content: String) -> Recorded {
        let recorded = Recorded::of(&name, content.as_bytes());
        self.plan.files.push(File { path: self.project.migrations.join(name), content, snapshot: false });
        recorded
    }

    fn snapshot(&mut self, snapshot: &Snapshot) {
        let path = snapshot_path(&self.project.migrations, &snapshot.model.name.label);
        self.plan.files.push(File { path, content: snapshot.render(), snapshot: true });
    }
}

#[cfg(test)]
mod tests {
    use super::after;

    #[test]
    fn versions_go_on_as_times_where_they_are_times() {
        assert_eq!(after(20261231235959), 20270101000000);
        assert_eq!(after(7), 8);
        assert_eq!(after(i64::MAX), i64::MAX);
    }
}
