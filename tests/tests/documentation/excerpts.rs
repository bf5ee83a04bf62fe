//! Blocks that stand in a file as they stand on the page.

use crate::book::{self, Block};
use std::fs;

/// Programs that are compiled: the examples, and what stands beside this file.
fn programs() -> Vec<Vec<String>> {
    let ours = [
        "order/src/partners.rs",
        "order/src/shop.rs",
        "order/src/workflow.rs",
        "order/tests/migrations.rs",
        "order/tests/proof.rs",
        "telemetry/src/lib.rs",
        "telemetry/src/telemetry.rs",
    ];
    let ours = ours.map(|file| format!("examples/{file}"));
    let beside = [
        "declarations.rs",
        "guide/children.rs",
        "guide/pgbouncer.rs",
        "guide/reading.rs",
        "guide/testing.rs",
        "guide/transitions.rs",
        "guide/work.rs",
        "tutorial.rs",
        "tutorial/shop.rs",
        "tutorial/workflow.rs",
    ];
    let beside = beside.map(|file| format!("tests/tests/documentation/{file}"));
    ours.iter().chain(&beside).map(|file| lines(&read(file))).collect()
}

/// What the generator writes for the order workflow and for the pages' own declarations.
fn generated() -> Vec<Vec<String>> {
    let sources = [workflow_tests::ORDER, include_str!("declarations.rs")];
    let models = sources.into_iter().flat_map(workflow_tests::models);
    let migrations = models.map(|model| workflow_migrate::first_migration(&model));
    migrations.flat_map(|m| [lines(&m.shared), lines(&m.up)]).collect()
}

fn read(file: &str) -> String {
    fs::read_to_string(book::root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Without indentation and blank lines, which differ from place to place.
pub(crate) fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// The lines stand in the file one after the other; `// …` and `-- …` stand for any lines.
pub(crate) fn is_excerpt(block: &Block, file: &[String]) -> bool {
    let block = lines(&block.text);
    let mut rest = file;
    block.split(|line| line == "// …" || line == "-- …").all(|piece| {
        let found = rest.windows(piece.len().max(1)).position(|window| piece.is_empty() || window == piece);
        found.is_some_and(|at| {
            rest = &rest[at + piece.len()..];
            true
        })
    })
}

/// The blocks of a kind that stand in none of the files.
fn strangers(kind: &str, files: &[Vec<String>]) -> Vec<String> {
    let mut strangers = Vec::new();
    for page in book::pages() {
        let blocks = page.blocks().into_iter().filter(|block| block.kind == kind);
        let unknown = blocks.filter(|block| !files.iter().any(|file| is_excerpt(block, file)));
        strangers.extend(unknown.map(|block| format!("{}\n{}", page.place(&block), block.text)));
    }
    strangers
}

#[test]
fn rust_is_an_excerpt_of_what_is_compiled() {
    let strangers = strangers("rust", &programs());
    assert!(strangers.is_empty(), "no file that is compiled has these lines:\n\n{}", strangers.join("\n"));
}

#[test]
fn generated_sql_is_what_the_generator_writes() {
    let strangers = strangers("sql,generated", &generated());
    assert!(strangers.is_empty(), "the generator does not write these lines:\n\n{}", strangers.join("\n"));
}

#[test]
fn manifests_name_the_versions_that_this_workspace_uses() {
    let ours = read("Cargo.toml");
    for page in book::pages() {
        for block in page.blocks().iter().filter(|block| block.kind == "toml") {
            for line in block.text.lines().filter(|line| line.contains('=')) {
                let (name, value) = line.split_once('=').expect("a line of a manifest");
                let place = format!("{}: {line}", page.place(block));
                match version(value) {
                    Some(version) => {
                        let same = ours.lines().any(|l| l.starts_with(name.trim_end()) && l.contains(&format!("\"{version}")));
                        assert!(same, "{place}");
                    }
                    None => assert!(book::root().join(name.trim()).join("Cargo.toml").is_file(), "{place}"),
                }
            }
        }
    }
}

/// The first string of `{ version = "0.9", … }` or `"0.9"`; none for a path.
fn version(value: &str) -> Option<&str> {
    if value.contains("path") { None } else { value.split('"').nth(1) }
}

#[test]
fn each_word_of_the_grammar_stands_in_a_declaration_that_compiles() {
    let children = include_str!("guide/children.rs");
    let declared = format!("{}{}{children}", workflow_tests::ORDER, include_str!("declarations.rs"));
    let mut words = 0;
    for page in book::pages() {
        for block in page.blocks().iter().filter(|block| block.kind == "ebnf") {
            for word in block.text.split('"').skip(1).step_by(2) {
                words += 1;
                assert!(declared.contains(word), "{}: `{word}`", page.place(block));
            }
        }
    }
    assert!(words > 40, "the grammar has {words} words");
}
