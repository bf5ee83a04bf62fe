//! An explained file as it is shown.
//!
//! ```text
//! migrations/3_note.sql, in a transaction
//!
//!    1  ALTER TABLE orders ALTER note SET NOT NULL
//!       lock     ACCESS EXCLUSIVE on orders
//!       waits    readers and writers
//!       for      a scan of the table
//!       verdict  unsafe: everybody waits while all rows are read …
//!       instead  ADD CONSTRAINT … CHECK (note IS NOT NULL) NOT VALID …
//! ```

use serde::Serialize;
use std::path::Path;
use workflow_explain::{Duration, File, Finding, Statement, Verdict};
use workflow_migrate::{Level, Place, Report};

const WIDTH: usize = 100;
const INDENT: usize = 6;
const LABEL: usize = 9;

/// For a person.
pub(crate) fn text(path: &str, file: &File) -> String {
    let how = if file.transaction { "in a transaction" } else { "without a transaction" };
    let mut blocks = vec![format!("{path}, {how}\n")];
    blocks.extend(file.statements.iter().map(statement));
    blocks.extend(file.findings.iter().map(finding));
    blocks.push(format!("{}\n", summary(file)));
    blocks.join("\n")
}

fn statement(statement: &Statement) -> String {
    let mut block = title(statement.line, &statement.text);
    if statement.locks.is_empty() && statement.duration == Duration::Instant {
        row(&mut block, "lock", "none");
    } else {
        if statement.locks.is_empty() {
            row(&mut block, "lock", "none that shows");
        }
        statement.locks.iter().for_each(|lock| row(&mut block, "lock", &lock.to_string()));
        row(&mut block, "waits", &statement.wait.to_string());
        row(&mut block, "for", &statement.duration.to_string());
    }
    match &statement.verdict {
        Verdict::Safe => row(&mut block, "verdict", "safe"),
        Verdict::Brief => row(&mut block, "verdict", "brief: safe with a lock time-out"),
        Verdict::Unsafe { reasons } => reasons.iter().for_each(|reason| refused(&mut block, &reason.why, &reason.instead)),
    }
    statement.notes.iter().for_each(|note| row(&mut block, "note", note));
    block
}

fn finding(finding: &Finding) -> String {
    let mut block = title(finding.line, &format!("the file: {}", finding.rule));
    refused(&mut block, &finding.why, &finding.instead);
    block
}

fn refused(block: &mut String, why: &str, instead: &str) {
    row(block, "verdict", &format!("unsafe: {why}"));
    row(block, "instead", instead);
}

fn summary(file: &File) -> String {
    let bad = file.statements.iter().filter(|statement| matches!(statement.verdict, Verdict::Unsafe { .. })).count();
    let parts: Vec<String> =
        [(bad, "statement is unsafe", "statements are unsafe"), (file.findings.len(), "rule is broken", "rules are broken")]
            .iter()
            .filter(|(count, _, _)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
            .collect();
    if parts.is_empty() { "safe on a live table".to_owned() } else { parts.join(", ") }
}

fn title(line: usize, text: &str) -> String {
    format!("{line:>width$}  {text}\n", width = INDENT - 2)
}

/// A label, and a text that goes on below itself.
fn row(block: &mut String, label: &str, text: &str) {
    let mut line = format!("{:INDENT$}{label:LABEL$}", "");
    let empty = INDENT + LABEL;
    for word in text.split(' ') {
        let length = line.chars().count();
        if length > empty && length + 1 + word.chars().count() > WIDTH {
            block.push_str(&line);
            block.push('\n');
            line = " ".repeat(empty);
        } else if length > empty {
            line.push(' ');
        }
        line.push_str(word);
    }
    block.push_str(&line);
    block.push('\n');
}

/// A file with its name.
#[derive(Serialize)]
struct Named<'a> {
    path: &'a str,
    r#unsafe: bool,
    #[serde(flatten)]
    file: &'a File,
}

/// For a pull request: what is unsafe, beside its line.
pub(crate) fn reports(path: &str, file: &File) -> Vec<Report> {
    let statements = file.statements.iter().flat_map(|statement| match &statement.verdict {
        Verdict::Unsafe { reasons } => reasons.iter().map(|reason| (statement.line, &reason.why, &reason.instead)).collect(),
        Verdict::Safe | Verdict::Brief => Vec::new(),
    });
    let findings = file.findings.iter().map(|finding| (finding.line, &finding.why, &finding.instead));
    statements.chain(findings).map(|(line, why, instead)| report(path, line, why, instead)).collect()
}

fn report(path: &str, line: usize, why: &str, instead: &str) -> Report {
    let place = Place::line(Path::new(path), line);
    Report { help: Some(instead.to_owned()), place: Some(place), ..Report::new(Level::Error, why) }
}

/// For a program.
pub(crate) fn json(files: &[(String, File)]) -> String {
    let named: Vec<Named<'_>> = files.iter().map(|(path, file)| Named { path, r#unsafe: file.is_unsafe(), file }).collect();
    serde_json::to_string_pretty(&named).unwrap_or_default()
}
