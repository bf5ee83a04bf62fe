//! Declarations and snapshots in, files out. Nothing is written before everything is known.

mod file;
mod instructions;
mod planner;
mod recorded;

pub use file::File;

use crate::diff::{Change, Difference, diff};
use crate::error::{Error, Errors, none_of};
use crate::folder::Folder;
use crate::locate::refused;
use crate::project::Project;
use crate::snapshot::{Snapshot, Standing};
use crate::source::Declared;
use planner::Planner;
pub(crate) use recorded::is_generated;
pub use recorded::snapshots;
use workflow_model::Model;
use workflow_model::fingerprint::fingerprint;

/// Which part of a change is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Step {
    /// What the declared version needs; the version before goes on working.
    #[default]
    Expand,
    /// What waits until no binary of the version before runs any more.
    Contract,
}

/// The files that are missing, the migrations first, and what is to be said about them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What to write.
    pub files: Vec<File>,
    /// What became of each workflow, by its label.
    pub changes: Vec<(String, Vec<Change>)>,
    /// Labels of workflows whose contract phase waits.
    pub waiting: Vec<String>,
    /// The declarations before and after, of each workflow whose graph may have changed.
    pub graphs: Vec<(workflow_model::Model, workflow_model::Model)>,
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

/// What a project's folder lacks of what its sources declare. `now` is the lowest version that a new file may have.
///
/// # Errors
///
/// When a generated file or a snapshot is not what it was; when a change needs more to be said; when a contract phase waits that
/// has to come first. Then nothing is planned for any workflow of the project.
pub fn plan(project: &Project, declared: &[Declared], step: Step, now: i64) -> Result<Plan, Errors> {
    let (mut planner, snapshots) = planner(project, declared, now)?;
    match step {
        Step::Expand => expand(&mut planner, project, declared, &snapshots)?,
        Step::Contract => snapshots.iter().for_each(|snapshot| planner.contract(snapshot)),
    }
    Ok(planner.plan)
}

/// The contract phase of one workflow, by its label, whatever waits beside it.
///
/// # Errors
///
/// As [`plan`].
pub fn contract_of(project: &Project, declared: &[Declared], label: &str, now: i64) -> Result<Plan, Errors> {
    let (mut planner, snapshots) = planner(project, declared, now)?;
    snapshots.iter().filter(|snapshot| snapshot.model.name.label == label).for_each(|snapshot| planner.contract(snapshot));
    Ok(planner.plan)
}

/// For a folder in which everything is as it was.
fn planner<'p>(project: &'p Project, declared: &[Declared], now: i64) -> Result<(Planner<'p>, Vec<Snapshot>), Errors> {
    let folder = Folder::read(&project.migrations)?;
    let snapshots = snapshots(&project.migrations)?;
    none_of(recorded::unexplained(project, &folder, declared, &snapshots)?)?;
    Ok((Planner::new(project, &folder, now), snapshots))
}

fn expand(planner: &mut Planner<'_>, project: &Project, declared: &[Declared], snapshots: &[Snapshot]) -> Result<(), Errors> {
    let mut errors = Vec::new();
    let mut shared = snapshots.is_empty();
    for workflow in declared {
        match recorded::snapshot_of(workflow, snapshots) {
            Some(snapshot) => errors.extend(changed(planner, workflow, snapshot)),
            None => planner.create(&workflow.model, std::mem::take(&mut shared)),
        }
    }
    for snapshot in snapshots.iter().filter(|s| project.removed.contains(&s.model.name.label)) {
        planner.remove(snapshot);
    }
    none_of(errors)
}

/// Plans the change of one workflow, or says why that cannot be.
fn changed(planner: &mut Planner<'_>, workflow: &Declared, snapshot: &Snapshot) -> Vec<Error> {
    let label = workflow.model.name.label.clone();
    if snapshot.standing != Standing::Declared {
        return vec![Error::Returned { workflow: label, place: Box::new(workflow.named()) }];
    }
    let Difference { mut changes, refusals } = diff(&snapshot.model, &workflow.model, &snapshot.retired);
    // What both mean to the database decides whether there is anything to do; the changes say what it is.
    let means_the_same = fingerprint(&snapshot.model) == fingerprint(&workflow.model);
    let is_alike = refusals.is_empty() && means_the_same && changes.iter().all(|change| *change == Change::Wording);
    if let Some(base) = &snapshot.pending {
        planner.plan.waiting.push(label.clone());
        return waiting(workflow, snapshot, base, is_alike).into_iter().collect();
    }
    if !refusals.is_empty() {
        return refusals.iter().map(|refusal| refused(workflow, refusal)).collect();
    }
    if is_alike {
        planner.refresh(snapshot, &workflow.model);
    } else {
        changes.iter_mut().filter(|change| **change == Change::Wording).for_each(|change| *change = Change::Behaviour);
        planner.expand(snapshot, &workflow.model, changes);
    }
    Vec::new()
}

/// Between the phases of a change: it has to stand as it is, until the second one is written.
fn waiting(workflow: &Declared, snapshot: &Snapshot, base: &Model, is_alike: bool) -> Option<Error> {
    let (label, place) = (workflow.model.name.label.clone(), Box::new(workflow.named()));
    if is_alike {
        let as_said = instructions::are_alike(&snapshot.model, &workflow.model);
        return (!as_said).then_some(Error::Reworded { workflow: label, place });
    }
    let is_taken_back = fingerprint(base) == fingerprint(&workflow.model);
    Some(if is_taken_back {
        Error::TakenBack { workflow: label, place }
    } else {
        Error::ContractWaits { workflow: label, place }
    })
}

pub use file::now;
