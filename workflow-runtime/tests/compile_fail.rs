//! What the compiler says to a mistake: `tests/compile_fail`, one mistake a file, beside it what is said.

use std::path::{Path, PathBuf};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/compile_fail");

/// The cases, by the kind of file: `rs` or `stderr`.
fn files(extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(CASES).expect("the folder of the cases");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry of it").path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == extension));
    files.sort();
    files
}

fn name(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// `TRYBUILD=overwrite` writes down what is said now.
#[test]
fn every_mistake_is_told_in_these_words() {
    trybuild::TestCases::new().compile_fail("../tests/compile_fail/*.rs");
}

#[test]
fn every_rule_has_a_case() {
    let cases: Vec<String> = files("rs").iter().map(|file| name(file)).collect();
    let of_parser = workflow_syntax::CODES.iter().map(|(code, _)| code);
    let codes = of_parser.chain(workflow_model::check::RULES.iter().map(|rule| &rule.code)).map(ToString::to_string);
    let without: Vec<String> = codes.filter(|code| !cases.iter().any(|case| case.starts_with(&format!("{code}-")))).collect();
    assert!(without.is_empty(), "no case for {without:?}");
}

/// What is said is about the block and its words; our own insides are no words of the user.
#[test]
fn no_message_shows_the_inside_of_the_macro() {
    let told = |file: &PathBuf| std::fs::read_to_string(file).expect("what is said");
    let inside = ["private", "__types", "originates in the macro", "workflow_macros"];
    // rustc's own word for a field that is not `pub`.
    let says = |text: &str| inside.iter().any(|word| text.replace("private field", "").contains(word));
    let shown: Vec<String> = files("stderr").iter().filter(|file| says(&told(file))).map(|file| name(file)).collect();
    assert!(shown.is_empty(), "{shown:?}");
}

#[test]
fn half_of_the_messages_are_eight_lines_or_fewer() {
    let lines = |file: &PathBuf| std::fs::read_to_string(file).expect("what is said").lines().count();
    let mut lengths: Vec<usize> = files("stderr").iter().map(lines).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(lengths.len() >= 45 && median <= 8, "{} cases, median {median}", lengths.len());
}
