//! `cargo workflow census`

use crate::database::{Database, migrated, told, unread};
use crate::say;
use workflow_inspect::{Asked, Burden, Cause, Census, census};
use workflow_migrate::{Errors, Exit, Format, Snapshot, Standing, declared, projects};
use workflow_model::Model;

/// Counts every workflow of the folder.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(database: &Database) -> Exit {
    match counted(database).await {
        Ok(all) => {
            all.iter().for_each(told_census);
            Exit::Fine
        }
        Err(errors) => told(&errors),
    }
}

async fn counted(database: &Database) -> Result<Vec<Census>, Errors> {
    let folder = database.folder()?;
    let snapshots = migrated(&folder)?;
    let models = sources(database, &folder.path)?;
    let mut look = database.look(&folder).await?;
    let mut all = Vec::new();
    for snapshot in snapshots.iter().filter(|snapshot| snapshot.standing != Standing::Dropped) {
        let asked = Asked { snapshot, declared: model_of(&models, snapshot) };
        all.push(census(&mut look, asked).await.map_err(|error| unread(&error))?);
    }
    look.close().await;
    Ok(all)
}

/// What the sources that use the folder declare.
fn sources(database: &Database, folder: &std::path::Path) -> Result<Vec<Model>, Errors> {
    let which = &database.which;
    let all = projects(which.manifest_path.as_deref(), which.package.as_deref())?;
    match all.iter().find(|project| project.migrations == folder) {
        Some(project) => Ok(declared(project)?.iter().map(|declared| declared.model.clone()).collect()),
        None => Ok(Vec::new()),
    }
}

fn model_of<'m>(models: &'m [Model], snapshot: &Snapshot) -> Option<&'m Model> {
    let label = &snapshot.model.name.label;
    let by_label = models.iter().find(|model| model.name.label == *label);
    by_label.or_else(|| models.iter().find(|model| model.name.renamed_from.as_deref() == Some(label)))
}

fn told_census(census: &Census) {
    match say::format() {
        Format::Json => say::data(&serde_json::to_string(census).unwrap_or_default()),
        Format::Human => say::data(&table(census)),
        Format::Github => burdens(census).iter().for_each(|line| say::remark("census", line)),
    }
}

/// For people.
fn table(census: &Census) -> String {
    let Some(table) = &census.table else { return format!("`{}` has no table in this database", census.workflow) };
    let mut lines = vec![format!("`{}` in {table}\n", census.workflow)];
    let width = census.rows.iter().map(|row| row.state.chars().count()).max().unwrap_or(0).max(5);
    lines.push(format!("  {:width$}  {:>10}", "state", "rows"));
    lines.extend(census.rows.iter().map(|row| {
        let note = if row.declared { "" } else { "  not declared any more" };
        format!("  {:width$}  {:>10}{note}", row.state, row.rows)
    }));
    if !census.jobs.is_empty() {
        let width = census.jobs.iter().map(|job| job.job.chars().count()).max().unwrap_or(0).max(3);
        lines.push(format!(
            "\n  {:8}  {:width$}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}",
            "kind", "job", "pending", "due", "late", "tried", "attempts"
        ));
        lines.extend(census.jobs.iter().map(|job| {
            format!(
                "  {:8}  {:width$}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}",
                job.kind, job.job, job.pending, job.due, job.late, job.tried, job.attempts
            )
        }));
    }
    let burdens = burdens(census);
    if !burdens.is_empty() {
        lines.push(String::new());
        lines.extend(burdens.iter().map(|line| format!("  {line}")));
    }
    lines.join("\n")
}

fn burdens(census: &Census) -> Vec<String> {
    census.burdens.iter().map(burden).collect()
}

fn burden(burden: &Burden) -> String {
    match burden {
        Burden::Drained { cause, state, to, rows } => {
            format!("{} moves {rows} {} from {state} on to {to}", phase(*cause), plural(*rows, "row"))
        }
        Burden::Relabelled { cause, state, to, rows } => {
            format!("{} gives {rows} {} in {state} the label {to}", phase(*cause), plural(*rows, "row"))
        }
        Burden::Blocked { cause, kind, job, jobs: 0 } => format!("{} waits for no {kind} {job}: there is none", phase(*cause)),
        Burden::Blocked { cause, kind, job, jobs } => {
            format!("{} is blocked by {jobs} {} of the {kind} {job}", phase(*cause), plural(*jobs, "job"))
        }
        Burden::Kept { cause, rows: 0 } => format!("{} drops the tables: there are no rows", phase(*cause)),
        Burden::Kept { cause, rows } => {
            format!("{} is blocked by {rows} {}: the tables are not dropped", phase(*cause), plural(*rows, "row"))
        }
    }
}

fn phase(cause: Cause) -> &'static str {
    match cause {
        Cause::Contract => "the contract phase that waits",
        Cause::Source => "the contract phase of the declaration in the sources",
    }
}

fn plural(count: i64, one: &str) -> String {
    if count == 1 { one.to_owned() } else { format!("{one}s") }
}
