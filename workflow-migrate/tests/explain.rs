//! `cargo workflow explain` over every migration that is kept as an expected output: what it finds unsafe is mended, or stands in
//! the table below with the reason why it is safe here.

use std::path::{Path, PathBuf};
use workflow_explain::{Verdict, explain};

/// Something unsafe that is none.
struct Allowed {
    /// The files: what the path has in it, a `*`, and what it ends with.
    files: &'static str,
    /// What the statement begins with, or the rule's name.
    what: &'static str,
    reason: &'static str,
}

const fn allowed(files: &'static str, what: &'static str, reason: &'static str) -> Allowed {
    Allowed { files, what, reason }
}

const PROVEN: &str = "the file before has validated the CHECK that the next statement drops: PostgreSQL reads no row";
const MOVED: &str = "views and functions at the other place are made in the same transaction: no binary sees the name missing";
const TOGETHER: &str =
    "tables, views and functions have to move, or go, in one moment; a deadlock, or 2 s of waiting, takes all of it back";
const SCANNED: &str =
    "a way back re-adds and proves a CHECK in one transaction, so that it ends as it began: everybody waits for the scan";
const REFILLED: &str =
    "the way back from a dropped column writes all rows once, through the trigger that filled it; it is run by hand";
const INDEXED: &str = "the way back to a child builds the index of its parents while writers wait; it is run by hand, and is one file with the trigger";
const REBUILT: &str =
    "the way back to `#[unique]` builds its index while everybody waits; it ends by itself when a value stands twice";

const ALLOWED: &[Allowed] = &[
    allowed("_require_*.up.sql", "ALTER TABLE", PROVEN),
    allowed("expand/*_move.up.sql", "ALTER TABLE", MOVED),
    allowed("expand/*_move.up.sql", "several strong locks", TOGETHER),
    allowed("contract/*_contract.up.sql", "several strong locks", TOGETHER),
    allowed("contract/*_drop.up.sql", "several strong locks", TOGETHER),
    // The ways back.
    allowed("expand/*_move.down.sql", "ALTER TABLE", MOVED),
    allowed("expand/*_move.down.sql", "several strong locks", TOGETHER),
    allowed("expand/*_expand.down.sql", "a scan that is not alone", SCANNED),
    allowed("expand/*_expand.down.sql", "work under a strong lock", REFILLED),
    allowed("field-optional/expand/*_expand.down.sql", "ALTER TABLE", SCANNED),
    allowed("unique-dropped/expand/*_expand.down.sql", "ALTER TABLE", REBUILT),
    allowed("unique-dropped/expand/*_expand.down.sql", "CREATE UNIQUE INDEX", REBUILT),
    allowed("contract/*_contract.down.sql", "a scan that is not alone", SCANNED),
    allowed("contract/*_contract.down.sql", "work under a strong lock", REFILLED),
    allowed("contract/*_contract.down.sql", "UPDATE", REFILLED),
    allowed("parent-removed/contract/*_contract.down.sql", "CREATE INDEX", INDEXED),
    allowed("contract/*_contract.down.sql", "ALTER TABLE", SCANNED),
    allowed("contract/*_contract.down.sql", "several strong locks", TOGETHER),
];

#[test]
fn no_generated_file_is_unsafe_and_no_excuse_outlives_its_reason() {
    let mut used = vec![false; ALLOWED.len()];
    let mut found = Vec::new();
    for path in files() {
        let shown = path.display().to_string();
        for (what, said) in unsafe_parts(&std::fs::read_to_string(&path).unwrap()) {
            let is_for = |a: &Allowed| {
                let (within, end) = a.files.split_once('*').unwrap();
                shown.contains(within) && shown.ends_with(end) && what.starts_with(a.what)
            };
            match ALLOWED.iter().position(is_for) {
                Some(n) => used[n] = true,
                None => found.push(format!("{shown}:{said}")),
            }
        }
    }
    let unused = ALLOWED.iter().zip(used).filter(|(_, used)| !used);
    let unused: Vec<String> =
        unused.map(|(a, _)| format!("`{}` in {}: allowed, and not found any more ({})", a.what, a.files, a.reason)).collect();
    assert!(found.is_empty() && unused.is_empty(), "{}\n{}", found.join("\n"), unused.join("\n"));
}

/// What is unsafe in a file: the statement or the rule, and what is said of it.
fn unsafe_parts(text: &str) -> Vec<(String, String)> {
    let file = explain(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    let statements = file.statements.iter().filter_map(|s| match &s.verdict {
        Verdict::Unsafe { reasons } => {
            let whys: Vec<&str> = reasons.iter().map(|reason| reason.why.as_str()).collect();
            Some((s.text.clone(), format!("{}: {}: {}", s.line, s.text, whys.join("; "))))
        }
        Verdict::Safe | Verdict::Brief => None,
    });
    let findings = file.findings.iter().map(|f| (f.rule.to_string(), format!("{}: {}: {}", f.line, f.rule, f.why)));
    statements.chain(findings).collect()
}

/// The files of each phase of each case.
fn files() -> Vec<PathBuf> {
    let cases = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/migrate")).unwrap();
    let phases = cases.flat_map(|case| ["expand", "contract"].map(|phase| case.as_ref().unwrap().path().join(phase)));
    let mut files: Vec<PathBuf> =
        phases.filter_map(|phase| std::fs::read_dir(phase).ok()).flatten().map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty());
    files.sort();
    files
}
