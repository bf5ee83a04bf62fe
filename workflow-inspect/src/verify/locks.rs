//! The locks that each file really takes, against what its statements tell.

mod measure;

use super::scratch::Scratch;
use super::{Outcome, Trial, counted, named, ups};
use crate::error::InspectError;
use measure::{Taken, carried_out};
use sqlx::migrate::Migration;
use workflow_explain::{Duration, File, Mode, Statement, Verdict, Wait, explain};
use workflow_migrate::{Exit, Snapshot};

/// Carries out a file after the other, and looks at the locks before each commit.
pub(super) async fn locks(trial: Trial<'_>, scratch: &mut Scratch) -> Result<Outcome, InspectError> {
    let (mut findings, mut measured) = (Vec::new(), 0);
    for file in ups(trial.migrator) {
        let taken = match carried_out(scratch.reconnect().await?, file).await {
            Ok(taken) => taken,
            Err(error) => {
                findings.push(format!("{}: {error}", named(file)));
                return Ok(Outcome::of(findings, Exit::Error, String::new()));
            }
        };
        if file.version >= trial.since {
            measured += usize::from(!file.no_tx);
            let lines = judged(file, &taken, author(file, trial.snapshots));
            findings.extend(lines.into_iter().map(|line| format!("{}: {line}", named(file))));
        }
    }
    let detail = format!("{} measured in transactions, no lock that is not told", counted(measured, "file"));
    Ok(Outcome::of(findings, Exit::Locks, detail))
}

/// Who wrote a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Author {
    User,
    Generator,
    /// The generator, for a table that was there: that writes all its rows at once, once, as the user asked for.
    Adoption,
}

/// By the snapshots. A file's version may be that of a pair.
fn author(file: &Migration, snapshots: &[Snapshot]) -> Author {
    let is_of = |name: &str| name.split_once('_').and_then(|(version, _)| version.parse().ok()) == Some(file.version);
    let Some(snapshot) = snapshots.iter().find(|snapshot| snapshot.files.iter().any(|recorded| is_of(&recorded.name))) else {
        return Author::User;
    };
    let is_first = file.description.ends_with(" create");
    if snapshot.model.adopt.is_some() && is_first { Author::Adoption } else { Author::Generator }
}

/// What is not as the file tells; and, of a file that somebody wrote by hand, what is not safe. What is generated was weighed by
/// the generator: it locks several tables at once where they move or go together.
fn judged(file: &Migration, taken: &[Taken], author: Author) -> Vec<String> {
    let told = match explain(file.sql.as_str()) {
        Ok(told) => told,
        Err(error) => return vec![format!("it cannot be compared with what it locks: {error}")],
    };
    let untold = taken.iter().filter(|taken| !is_told(&told, taken));
    let mut lines: Vec<String> =
        untold.map(|taken| format!("it takes {} on {}, which its statements do not tell", taken.mode, taken.name())).collect();
    if author == Author::User {
        lines.extend(told.statements.iter().filter(|s| !is_refuted(s, taken, file.no_tx)).flat_map(reasons));
        lines.extend(told.findings.iter().map(|f| format!("line {}: {}; instead: {}", f.line, f.why, f.instead)));
    }
    lines.extend(
        taken
            .iter()
            .filter(|taken| is_long(taken) && author == Author::Generator)
            .map(|taken| format!("it reads all rows of {} while {} wait for {}", taken.name(), Wait::of(taken.mode), taken.mode)),
    );
    lines
}

/// A reader's lock and that of a foreign key stop nobody but who waits already for the strongest of all.
fn is_told(file: &File, taken: &Taken) -> bool {
    let mut locks = file.statements.iter().flat_map(|statement| &statement.locks);
    taken.mode <= Mode::RowShare || locks.any(|lock| lock.mode >= taken.mode && taken.is(&lock.relation))
}

/// Whether the text alone could not know that no row would be read: a CHECK has proven it before.
fn is_refuted(statement: &Statement, taken: &[Taken], alone: bool) -> bool {
    let has_read = |relation: &str| taken.iter().any(|taken| taken.is(relation) && taken.scans > 0);
    !alone
        && statement.duration == Duration::Scan
        && !statement.locks.is_empty()
        && !statement.locks.iter().any(|lock| has_read(&lock.relation))
}

fn reasons(statement: &Statement) -> Vec<String> {
    match &statement.verdict {
        Verdict::Unsafe { reasons } => {
            reasons.iter().map(|r| format!("line {}: {}; instead: {}", statement.line, r.why, r.instead)).collect()
        }
        Verdict::Safe | Verdict::Brief => Vec::new(),
    }
}

/// Whether the application waits for as long as reading a table takes.
fn is_long(taken: &Taken) -> bool {
    Wait::of(taken.mode).stops_the_application() && taken.scans > 0
}
