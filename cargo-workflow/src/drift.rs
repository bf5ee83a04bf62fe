//! `cargo workflow drift`

use crate::database::{Database, migrated, told, unread};
use crate::say;
use workflow_inspect::{Drift, Standing, drift};
use workflow_migrate::{Errors, Exit, Finding, Format, Level, Report};

/// Compares the database with the snapshots.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(database: &Database) -> Exit {
    match looked(database).await {
        Ok(drifts) => {
            drifts.iter().for_each(say_drift);
            if drifts.iter().any(Drift::is_drift) { Exit::Drift } else { Exit::Fine }
        }
        Err(errors) => told(&errors),
    }
}

async fn looked(database: &Database) -> Result<Vec<Drift>, Errors> {
    let folder = database.folder()?;
    let (snapshots, migrator) = (migrated(&folder)?, folder.migrator().await?);
    let mut look = database.look(&folder).await?;
    let drifts = drift(&mut look, &snapshots, &migrator).await;
    look.close().await;
    drifts.map_err(|error| unread(&error))
}

fn say_drift(drift: &Drift) {
    if say::format() == Format::Json {
        return say::data(&serde_json::to_string(drift).unwrap_or_default());
    }
    let workflow = &drift.workflow;
    match &drift.standing {
        Standing::Current if drift.findings.is_empty() => say::remark("current", &format!("`{workflow}` is as it was migrated")),
        Standing::Current => drift.findings.iter().for_each(|finding| say_finding(workflow, finding)),
        Standing::Behind { pending } => say::finding("behind", &behind(workflow, pending)),
        Standing::Ahead { unknown } => say::finding("ahead", &ahead(workflow, unknown)),
        Standing::Elsewhere { fingerprint: None } => {
            say::finding("absent", &format!("`{workflow}` is not in this database: apply its migrations"));
        }
        Standing::Elsewhere { fingerprint: Some(_) } => {
            say::finding(
                "elsewhere",
                &format!("`{workflow}` is in this database as another version than the last one that was migrated"),
            );
        }
    }
}

fn behind(workflow: &str, pending: &[i64]) -> String {
    let files = if pending.len() == 1 { "file is" } else { "files are" };
    format!(
        "the database is behind `{workflow}`: {} {files} not applied, from {} on: apply them, and look again",
        pending.len(),
        first(pending)
    )
}

fn ahead(workflow: &str, unknown: &[i64]) -> String {
    let files = if unknown.len() == 1 { "file" } else { "files" };
    format!(
        "the database is ahead of `{workflow}`: {} {files} that this checkout does not have, from {} on: look with a newer one",
        unknown.len(),
        first(unknown)
    )
}

fn first(versions: &[i64]) -> i64 {
    versions.first().copied().unwrap_or_default()
}

/// For people two lines more, which a report of a result does not have.
fn say_finding(workflow: &str, finding: &Finding) {
    let (code, level) = if finding.is_drift() { ("drift", Level::Finding) } else { ("noted", Level::Result) };
    let (breaks, remedy) = (&finding.breaks, &finding.remedy);
    let message = match say::format() {
        Format::Human => format!("`{workflow}`: {}\n    breaks  {breaks}\n    remedy  {remedy}", finding.summary()),
        Format::Json | Format::Github => format!("`{workflow}`: {}: {breaks}", finding.summary()),
    };
    say::about(&Report { code: Some(code.to_owned()), help: Some(remedy.clone()), ..Report::new(level, message) });
}
