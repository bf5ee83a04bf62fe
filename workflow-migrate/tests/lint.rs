//! squawk's linter over every migration that is kept as an expected output: what a well-kept tool finds unsafe is mended, or
//! stands in the table below with the reason why it is safe here.

use squawk_linter::{Linter, Rule, Violation};
use squawk_syntax::SourceFile;
use std::path::{Path, PathBuf};

/// A finding that is none.
struct Allowed {
    rule: Rule,
    /// The files: what the path has in it, a `*`, and what it ends with.
    files: &'static str,
    reason: &'static str,
}

const fn allowed(rule: Rule, files: &'static str, reason: &'static str) -> Allowed {
    Allowed { rule, files, reason }
}

impl Allowed {
    fn is_for(&self, rule: Rule, path: &str) -> bool {
        let (within, end) = self.files.split_once('*').unwrap();
        self.rule == rule && path.contains(within) && path.ends_with(end)
    }
}

const DOWN: &str = "a way back takes away what the way there made, and is run by hand; it refuses while there are rows to lose";
const UNDONE: &str = "only what the adoption added goes; the rows and their columns stay as they are";
const ADOPTION: &str = "an adoption has the table for itself: its rows become instances, with history and jobs, in one moment";
const BRIEF: &str = "a statement that waits ends by the lock time-out; one that works is not to be cut off half-way";
const NEW: &str = "nothing in it locks what was there before";
const COUNT: &str = "the type is the declaration's own, or counts attempts";
const WIDER: &str = "a wider CHECK, or the trigger that settles the column, stands in its place from the same statement on";
const GIVEN_UP: &str = "the declaration has given `#[unique]` up: no binary relies on it, and the lock is held for an instant";
const LOOSER: &str = "the newer version may leave the field empty; the older one reads such a row as unknown, and moves it not";
const NOBODY: &str =
    "the contract phase is applied when no binary runs any more that uses it: the file says so in its first lines";
const TIGHTER: &str =
    "what older binaries needed loose gives way to the CHECK that the newer version wants, from the same statement on";
const PROVEN: &str = "the file before has validated a CHECK that says it: PostgreSQL reads no row";
const REMADE: &str = "made anew under the table's new name in the same transaction, and a stand-in is left under the former one";
const MOVED: &str = "`#[moved_from]` asks for it, and views and functions at the old place serve the version before";
const RETURNED: &str = "a way back brings what the version before had, and older binaries look for it there";
const LOCKED: &str = "the table is locked by the statement before, and the trigger is on again before anybody else gets to a row";
const SCANNED: &str = "a way back re-adds and proves a CHECK in one transaction, so that it ends as it began: readers wait for one scan, \
                       which took 0.1 s for a million rows and 1.1 s for five, and for the lock 2 s at most";
const REBUILT: &str =
    "a way back builds the index while it has the table for itself; it ends by itself when a value stands twice";
const UNREAD: &str = "no parent counts its children by it any more, and the lock is held for an instant";
const TOGETHER: &str = "the index goes with its constraint, if that is there, in one moment: the lock is held for an instant";
const PATIENT: &str =
    "outside of a transaction no time-out can be local; it waits behind others, and nobody who reads or writes waits behind it";

const ALLOWED: &[Allowed] = &[
    allowed(Rule::RequireStatementTimeout, "*.sql", BRIEF),
    allowed(Rule::PreferBigintOverInt, "golden/*.up.sql", COUNT),
    allowed(Rule::RequireLockTimeout, "golden/*shared.up.sql", NEW),
    allowed(Rule::RequireLockTimeout, "golden/*order.up.sql", NEW),
    allowed(Rule::RequireLockTimeout, "golden/*parcel.up.sql", NEW),
    allowed(Rule::BanDropView, "golden/*.down.sql", DOWN),
    allowed(Rule::BanDropFunction, "golden/*.down.sql", DOWN),
    allowed(Rule::BanDropTable, "golden/*.down.sql", DOWN),
    allowed(Rule::BanDropConstraint, "golden/*account.down.sql", UNDONE),
    allowed(Rule::RequireConcurrentIndexDeletion, "golden/*account.down.sql", UNDONE),
    allowed(Rule::AddingNotNullableField, "golden/*account.up.sql", ADOPTION),
    allowed(Rule::ConstraintMissingNotValid, "golden/*account.up.sql", ADOPTION),
    allowed(Rule::RequireConcurrentIndexCreation, "golden/*account.up.sql", ADOPTION),
    // Expand.
    allowed(Rule::BanDropConstraint, "expand/*_expand.up.sql", WIDER),
    allowed(Rule::PreferBigintOverInt, "expand/*_expand.up.sql", COUNT),
    allowed(Rule::BanDropNotNull, "expand/*_expand.up.sql", LOOSER),
    allowed(Rule::RequireConcurrentIndexDeletion, "expand/*_expand.up.sql", GIVEN_UP),
    allowed(Rule::RequireLockTimeout, "_index_*.up.sql", PATIENT),
    allowed(Rule::BanDropView, "expand/*_move.up.sql", REMADE),
    allowed(Rule::BanDropFunction, "expand/*_move.up.sql", REMADE),
    allowed(Rule::RenamingTable, "expand/*_move.up.sql", MOVED),
    allowed(Rule::RenamingObject, "expand/*_move.up.sql", MOVED),
    allowed(Rule::BanSetSchema, "expand/*_move.up.sql", MOVED),
    // Contract.
    allowed(Rule::BanDropColumn, "contract/*_contract.up.sql", NOBODY),
    allowed(Rule::BanDropDefault, "contract/*_contract.up.sql", NOBODY),
    allowed(Rule::BanDropConstraint, "contract/*_contract.up.sql", TIGHTER),
    allowed(Rule::BanDropFunction, "contract/*_contract.up.sql", NOBODY),
    allowed(Rule::RequireConcurrentIndexDeletion, "contract/*_contract.up.sql", UNREAD),
    allowed(Rule::BanDropFunction, "contract/*_close.up.sql", NOBODY),
    allowed(Rule::BanDropFunction, "contract/*_finish.up.sql", NOBODY),
    allowed(Rule::BanDropView, "contract/*_contract.up.sql", NOBODY),
    allowed(Rule::AddingNotNullableField, "_require_*.up.sql", PROVEN),
    allowed(Rule::BanDropConstraint, "_require_*.up.sql", PROVEN),
    allowed(Rule::BanDropView, "contract/*_drop.up.sql", NOBODY),
    allowed(Rule::BanDropFunction, "contract/*_drop.up.sql", NOBODY),
    allowed(Rule::BanDropTable, "contract/*_drop.up.sql", NOBODY),
    // The ways back.
    allowed(Rule::BanDropColumn, "expand/*.down.sql", DOWN),
    allowed(Rule::BanDropFunction, "expand/*.down.sql", DOWN),
    allowed(Rule::BanDropView, "expand/*_move.down.sql", REMADE),
    allowed(Rule::BanDropConstraint, "expand/*.down.sql", DOWN),
    allowed(Rule::BanDropDefault, "expand/*.down.sql", DOWN),
    allowed(Rule::BanDisableTrigger, "expand/*_expand.down.sql", LOCKED),
    allowed(Rule::ConstraintMissingNotValid, "expand/*_expand.down.sql", SCANNED),
    allowed(Rule::AddingNotNullableField, "expand/*_expand.down.sql", SCANNED),
    allowed(Rule::DisallowedUniqueConstraint, "expand/*_expand.down.sql", REBUILT),
    allowed(Rule::RequireConcurrentIndexCreation, "expand/*_expand.down.sql", REBUILT),
    allowed(Rule::RequireLockTimeout, "_index_*.down.sql", PATIENT),
    allowed(Rule::RequireConcurrentIndexDeletion, "_index_*.down.sql", TOGETHER),
    allowed(Rule::RenamingTable, "expand/*_move.down.sql", RETURNED),
    allowed(Rule::RenamingObject, "expand/*_move.down.sql", RETURNED),
    allowed(Rule::BanSetSchema, "expand/*_move.down.sql", RETURNED),
    allowed(Rule::BanDropConstraint, "contract/*.down.sql", RETURNED),
    allowed(Rule::BanDropNotNull, "contract/*.down.sql", RETURNED),
    allowed(Rule::RequireConcurrentIndexCreation, "contract/*_contract.down.sql", RETURNED),
    allowed(Rule::ConstraintMissingNotValid, "contract/*_contract.down.sql", SCANNED),
    allowed(Rule::AddingNotNullableField, "contract/*_contract.down.sql", SCANNED),
    allowed(Rule::PreferBigintOverInt, "contract/*.down.sql", COUNT),
    allowed(Rule::RequireLockTimeout, "contract/*_drop.down.sql", NEW),
];

#[test]
fn nothing_unsafe_is_generated_and_no_excuse_outlives_its_reason() {
    let mut unused: Vec<bool> = vec![true; ALLOWED.len()];
    let mut found = Vec::new();
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        for violation in findings(&text) {
            match ALLOWED.iter().position(|allowed| allowed.is_for(violation.code, &path.to_string_lossy())) {
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
            format!("{} in {}: allowed, and not found any more ({})", allowed.rule, allowed.files, allowed.reason)
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
    collect(&here.join("tests/golden"), &mut files);
    for case in std::fs::read_dir(here.join("../tests/migrate")).unwrap() {
        // What stands beside these two is input.
        let case = case.unwrap().path();
        collect(&case.join("expand"), &mut files);
        collect(&case.join("contract"), &mut files);
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
