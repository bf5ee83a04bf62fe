//! There, back, and there again: each file leaves what the one before it had left.

use super::scratch::Scratch;
use super::{Outcome, Trial, counted, named, ups};
use crate::drift::drift;
use crate::error::InspectError;
use crate::look::Look;
use sqlx::migrate::Migration;
use std::collections::BTreeSet;
use std::time::Duration;
use workflow_apply::{Settings, apply};
use workflow_migrate::{Exit, Finding};

/// What stands before the first file, and after each, as lines.
pub(super) type Stands = Vec<BTreeSet<String>>;

/// Carries out a file after the other, as sqlx does.
pub(super) async fn there(trial: Trial<'_>, scratch: &mut Scratch) -> Result<(Outcome, Option<Stands>), InspectError> {
    let mut stands = vec![standing(scratch).await?];
    for file in ups(trial.migrator) {
        let connection = scratch.reconnect().await?;
        if let Err(error) = trial.migrator.run_to(file.version, connection).await {
            return Ok((failed(format!("{}: {error}", named(file))), None));
        }
        stands.push(standing(scratch).await?);
    }
    let detail = counted(stands.len() - 1, "file");
    Ok((Outcome::Passed { detail }, Some(stands)))
}

/// What the snapshots say must be there.
pub(super) async fn catalogue(trial: Trial<'_>, scratch: &Scratch) -> Result<Outcome, InspectError> {
    let mut look = Look::open(&scratch.options, Duration::from_secs(60)).await?;
    let drifts = drift(&mut look, trial.snapshots, trial.migrator).await;
    look.close().await;
    let drifts = drifts?;
    let findings = drifts.iter().flat_map(|drift| drift.findings.iter().filter(|finding| finding.is_drift()));
    let findings: Vec<String> = findings.map(|finding: &Finding| format!("{}: {}", finding.summary(), finding.breaks)).collect();
    if trial.snapshots.is_empty() {
        return Ok(Outcome::skipped("there is no snapshot: no workflow has been migrated"));
    }
    let labels: Vec<String> = trial.snapshots.iter().map(|snapshot| format!("`{}`", snapshot.model.name.label)).collect();
    Ok(Outcome::of(findings, Exit::Drift, format!("as the snapshots of {} say", labels.join(", "))))
}

/// Takes back all files, as far as there is a way.
pub(super) async fn back(trial: Trial<'_>, scratch: &mut Scratch, stands: &Stands) -> Result<Outcome, InspectError> {
    let files: Vec<&Migration> = ups(trial.migrator).collect();
    let stays = files.iter().rposition(|file| !has_way_back(trial, file));
    let first = stays.map_or(0, |stays| stays + 1);
    let last = stays.map(|stays| files[stays]);
    if let (Some(last), true) = (last, first == files.len()) {
        return Ok(Outcome::skipped(&format!("{} has no way back", named(last))));
    }
    let target = last.map_or(i64::MIN, |last| last.version);
    if let Err(error) = trial.migrator.undo(scratch.reconnect().await?, target).await {
        return Ok(failed(error.to_string()));
    }
    let empty = BTreeSet::new();
    let findings = differences(stands.get(first).unwrap_or(&empty), &standing(scratch).await?);
    let kept = last.map(|last| format!("; {} has no way back", named(last))).unwrap_or_default();
    let detail = format!("{} taken back, to what stood before{kept}", counted(files.len() - first, "file"));
    Ok(Outcome::of(findings, Exit::Drift, detail))
}

fn has_way_back(trial: Trial<'_>, file: &Migration) -> bool {
    trial.migrator.iter().any(|down| down.migration_type.is_down_migration() && down.version == file.version)
}

/// The rest of the way again, as `cargo workflow apply` does it.
pub(super) async fn again(trial: Trial<'_>, scratch: &mut Scratch, stands: &Stands) -> Result<Outcome, InspectError> {
    let applied = match apply(&scratch.options, trial.migrator, &Settings::default(), |_| {}).await {
        Ok(applied) => applied.files.len(),
        Err(error) => return Ok(failed(error.cause.to_string())),
    };
    if applied == 0 {
        return Ok(Outcome::skipped("no file was taken back"));
    }
    let last = stands.last().cloned().unwrap_or_default();
    let findings = differences(&last, &standing(scratch).await?);
    Ok(Outcome::of(findings, Exit::Drift, format!("{} applied again, to the same catalogue", counted(applied, "file"))))
}

fn failed(finding: String) -> Outcome {
    Outcome::Failed { exit: Exit::Error, findings: vec![finding] }
}

/// Everything that stands, as lines.
async fn standing(scratch: &mut Scratch) -> Result<BTreeSet<String>, InspectError> {
    let mut lines: BTreeSet<String> =
        scratch.texts("the catalogue", include_str!("../sql/dump.sql")).await?.into_iter().collect();
    let is_there = scratch.texts("the catalogue", "SELECT 'yes' WHERE to_regclass('workflow.models') IS NOT NULL").await?;
    if !is_there.is_empty() {
        lines.extend(scratch.texts("workflow.models", include_str!("../sql/dump_records.sql")).await?);
    }
    Ok(lines)
}

/// What is there too much, and what too little.
fn differences(expected: &BTreeSet<String>, found: &BTreeSet<String>) -> Vec<String> {
    let more = found.difference(expected).map(|line| format!("there is too much: {}", first_line(line)));
    let less = expected.difference(found).map(|line| format!("there is too little: {}", first_line(line)));
    more.chain(less).collect()
}

fn first_line(line: &str) -> String {
    match line.split_once('\n') {
        Some((first, _)) => format!("{} …", first.trim_end()),
        None => line.to_owned(),
    }
}
