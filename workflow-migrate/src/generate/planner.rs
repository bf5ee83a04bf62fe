//! Gives each file its version and its name, and records it.

use super::Plan;
use super::file::{File, after};
use super::recorded::snapshot_path;
use crate::diff::{Change, Versions};
use crate::folder::Folder;
use crate::phase::{Phase, contract, expand};
use crate::project::Project;
use crate::snapshot::{Recorded, Snapshot, Standing};
use crate::sql::{first_migration, migration};
use workflow_model::Model;

pub(super) struct Planner<'p> {
    project: &'p Project,
    next: i64,
    reversible: bool,
    pub(super) plan: Plan,
}

impl Planner<'_> {
    pub(super) fn new<'p>(project: &'p Project, folder: &Folder, now: i64) -> Planner<'p> {
        let next = after(folder.highest()).max(now);
        Planner { project, next, reversible: folder.reversible(), plan: Plan::default() }
    }

    /// The first migration of a workflow.
    pub(super) fn create(&mut self, model: &Model, shared: bool) {
        let migration = first_migration(model);
        let mut files = Vec::new();
        if shared {
            files.extend(self.migration("workflow", migration.shared, migration.shared_down));
        }
        let head = self.next;
        files.extend(self.migration(&format!("{}_create", model.name.label), migration.up, migration.down));
        self.snapshot(&Snapshot::first(model.clone(), head, files));
    }

    /// Docs, order, groups and Rust names: the database knows nothing of them, the snapshot does.
    pub(super) fn refresh(&mut self, snapshot: &Snapshot, model: &Model) {
        if snapshot.model != *model {
            self.snapshot(&snapshot.refreshed(model.clone()));
        }
    }

    /// The expand phase of a change; what it leaves for the contract phase waits in the snapshot.
    pub(super) fn expand(&mut self, snapshot: &Snapshot, model: &Model, changes: Vec<Change>) {
        let versions = Versions::of(&snapshot.model, model, &snapshot.retired);
        let phase = expand(&versions, &snapshot.revisions);
        let waits = !contract(&versions, &phase.revisions).drafts.is_empty();
        let next = Snapshot { model: model.clone(), pending: waits.then(|| snapshot.model.clone()), ..snapshot.child() };
        self.plan.graphs.push((snapshot.model.clone(), model.clone()));
        self.plan.changes.push((model.name.label.clone(), changes));
        if waits {
            self.plan.waiting.push(model.name.label.clone());
        }
        self.phase(snapshot, next, phase);
    }

    /// What waits in a snapshot.
    pub(super) fn contract(&mut self, snapshot: &Snapshot) {
        match (&snapshot.pending, snapshot.standing) {
            (Some(base), Standing::Declared | Standing::Removed) => {
                let versions = Versions::of(base, &snapshot.model, &snapshot.retired);
                let phase = contract(&versions, &snapshot.revisions);
                let gone = versions.old.states.iter().map(|state| &state.name.label);
                let gone = gone.filter(|label| versions.new.state(label).is_none());
                let mut next = Snapshot { pending: None, ..snapshot.child() };
                next.retired.extend(gone.cloned());
                next.retired.sort();
                next.retired.dedup();
                self.phase(snapshot, next, phase);
            }
            (None, Standing::Removed) => self.drop(snapshot),
            (None, Standing::Declared) | (_, Standing::Dropped) => {}
        }
    }

    /// A workflow that is no longer declared: its tables stay for the binaries that run.
    pub(super) fn remove(&mut self, snapshot: &Snapshot) {
        match snapshot.standing {
            Standing::Declared => {
                self.plan.waiting.push(snapshot.model.name.label.clone());
                self.snapshot(&Snapshot { standing: Standing::Removed, ..snapshot.child() }.sealed());
            }
            Standing::Removed => self.plan.waiting.push(snapshot.model.name.label.clone()),
            Standing::Dropped => {}
        }
    }

    fn drop(&mut self, snapshot: &Snapshot) {
        let migration = migration(&snapshot.model, &snapshot.revisions);
        let mut next = Snapshot { standing: Standing::Dropped, head: self.next, ..snapshot.child() };
        next.files.extend(self.migration(&format!("{}_drop", snapshot.model.name.label), migration.down, migration.up));
        self.snapshot(&next.sealed());
    }

    fn phase(&mut self, before: &Snapshot, mut next: Snapshot, phase: Phase) {
        for draft in phase.drafts {
            next.head = self.next;
            next.files.extend(self.migration(&draft.name, draft.up, draft.down));
        }
        next.revisions = phase.revisions;
        let (old, new) = (&before.model.name.label, &next.model.name.label);
        if old != new {
            let path = snapshot_path(&self.project.migrations, old);
            self.plan.files.push(File { path, content: None, snapshot: true });
        }
        self.snapshot(&next.sealed());
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
        self.plan.files.push(File { path: self.project.migrations.join(name), content: Some(content), snapshot: false });
        recorded
    }

    fn snapshot(&mut self, snapshot: &Snapshot) {
        let path = snapshot_path(&self.project.migrations, &snapshot.model.name.label);
        self.plan.files.push(File { path, content: Some(snapshot.render()), snapshot: true });
    }
}
