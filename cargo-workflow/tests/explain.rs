//! `cargo workflow explain`, as it is typed. `UPDATE_GOLDEN=1` writes the expected outputs anew; the difference is reviewed in git.

use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain")
}

fn explain(arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-workflow"));
    let output = command.args(["workflow", "explain"]).args(arguments).current_dir(folder()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn compare(name: &str, text: &str) {
    let path = folder().join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, golden, "{name} differs; UPDATE_GOLDEN=1 accepts it");
}

#[test]
fn each_statement_is_told_as_reviewed() {
    for (name, status) in [("unsafe", 6), ("expand", 0), ("drain", 0), ("index", 6)] {
        let (code, out, err) = explain(&[&format!("{name}.sql")]);
        assert_eq!((code, err.as_str()), (status, ""), "{name}: {out}");
        compare(&format!("{name}.txt"), &out);
    }
}

#[test]
fn a_program_gets_the_same_as_data() {
    let (code, out, _) = explain(&["--format", "json", "expand.sql", "index.sql"]);
    assert_eq!(code, 6);
    compare("both.json", &out);
    let files: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&files[0]["unsafe"], &files[1]["unsafe"]), (&false.into(), &true.into()));
    assert_eq!(files[0]["statements"][1]["locks"][0]["mode"], "ACCESS_EXCLUSIVE");
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_place_and_the_others_are_told() {
    let faulty = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faulty.sql");
    std::fs::write(&faulty, "SELECT 1;\nALTER TABEL orders ADD note text;\n").unwrap();
    let (code, out, err) = explain(&[faulty.to_str().unwrap(), "none.sql", "drain.sql"]);
    assert_eq!(code, 1);
    assert!(out.starts_with("drain.sql, without a transaction\n"), "{out}");
    assert!(err.contains("faulty.sql:2:1") && err.contains("error: `none.sql`: "), "{err}");
    assert_eq!(explain(&[]).0, 64);
    assert_eq!(explain(&["--format", "xml", "drain.sql"]).0, 64);
}
