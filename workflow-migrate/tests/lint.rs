//! squawk's linter over every migration that is kept as an expected output: what a well-kept tool finds unsafe is mended, or
//! stands in the table below with the reason why it is safe here.

use squawk_linter::{Linter, Rule, Violation};
use squawk_syntax::SourceFile;
use std::path::{Path, PathBuf};

/// A finding that is none.
struct Allowed {
    rule: Rule,
    /// What the file's name ends with.
    file: &'static str,
    reason: &'static str,
}

const DOWN: &str = "a way back takes away what the way there made, and is run by hand; it refuses while there are rows to lose";
const UNDONE: &str = "only what the adoption added goes; the rows and their columns stay as they are";
const ADOPTION: &str = "an adoption has the table for itself: its rows become instances, with history and jobs, in one moment";
const BRIEF: &str = "a statement that waits ends by the lock time-out; one that works is not to be cut off half-way";
const NEW: &str = "nothing in it locks what was there before";
const COUNT: &str = "the type is the declaration's own, or counts attempts";

const ALLOWED: &[Allowed] = &[
    Allowed { rule: Rule::RequireStatementTimeout, file: ".sql", reason: BRIEF },
    Allowed { rule: Rule::PreferBigintOverInt, file: ".up.sql", reason: COUNT },
    Allowed { rule: Rule::RequireLockTimeout, file: "shared.up.sql", reason: NEW },
    Allowed { rule: Rule::RequireLockTimeout, file: "order.up.sql", reason: NEW },
    Allowed { rule: Rule::RequireLockTimeout, file: "parcel.up.sql", reason: NEW },
    Allowed { rule: Rule::BanDropView, file: ".down.sql", reason: DOWN },
    Allowed { rule: Rule::BanDropFunction, file: ".down.sql", reason: DOWN },
    Allowed { rule: Rule::BanDropTable, file: ".down.sql", reason: DOWN },
    Allowed { rule: Rule::BanDropConstraint, file: "account.down.sql", reason: UNDONE },
    Allowed { rule: Rule::RequireConcurrentIndexDeletion, file: "account.down.sql", reason: UNDONE },
    Allowed { rule: Rule::AddingNotNullableField, file: "account.up.sql", reason: ADOPTION },
    Allowed { rule: Rule::ConstraintMissingNotValid, file: "account.up.sql", reason: ADOPTION },
    Allowed { rule: Rule::RequireConcurrentIndexCreation, file: "account.up.sql", reason: ADOPTION },
];

#[test]
fn nothing_unsafe_is_generated_and_no_excuse_outlives_its_reason() {
    let mut unused: Vec<bool> = vec![true; ALLOWED.len()];
    let mut found = Vec::new();
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        for violation in findings(&text) {
            match ALLOWED
                .iter()
                .position(|allowed| allowed.rule == violation.code && path.to_string_lossy().ends_with(allowed.file))
            {
                Some(n) => unused[n] = false,
                None => found.push(said(&path, &text, &violation)),
            }
        }
    }
    let unused: Vec<String> = ALLOWED
        .iter()
        .zip(unused)
        .filter(|(_, unused)| *unused)
        .map(|(allowed, _)| {
            format!("{} in *{}: allowed, and not found any more ({})", allowed.rule, allowed.file, allowed.reason)
        })
        .collect();
    assert!(found.is_empty() && unused.is_empty(), "{}\n{}", found.join("\n"), unused.join("\n"));
}

#[test]
fn the_linter_is_awake() {
    let rules: Vec<Rule> = findings("ALTER TABLE a ALTER b SET NOT NULL;").iter().map(|violation| violation.code).collect();
    assert!(rules.contains(&Rule::AddingNotNullableField), "{rules:?}");
}

/// sqlx wraps a file in a transaction, unless its first bytes say otherwise.
fn findings(text: &str) -> Vec<Violation> {
    let parsed = SourceFile::parse(text);
    let errors = parsed.errors();
    assert!(errors.is_empty(), "{text}\n{errors:?}");
    let mut linter = Linter::with_rules(&[Rule::RequireTableSchema, Rule::BanDisableTrigger], &[]);
    linter.settings.assume_in_transaction = !text.starts_with("-- no-transaction");
    linter.lint(&parsed, text)
}

fn said(path: &Path, text: &str, violation: &Violation) -> String {
    let line = text[..violation.text_range.start().into()].matches('\n').count() + 1;
    format!("{}:{line}: {}: {} {}", path.display(), violation.code, violation.message, violation.help.as_deref().unwrap_or(""))
}

/// The golden files, and the expected files of the cases of changes.
fn files() -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in [here.join("tests/golden"), here.join("../tests/migrate")] {
        collect(&folder, &mut files);
    }
    assert!(!files.is_empty());
    files.sort();
    files
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            files.push(path);
        }
    }
}
