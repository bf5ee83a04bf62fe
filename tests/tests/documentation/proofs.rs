//! The page of the guarantees names tests: each is there.

use crate::book;

/// `` `tests/tests/agreement.rs` ``: what stands between two backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn each_test_that_a_guarantee_names_is_there() {
    let page = book::page("docs/src/guide/guarantees.md");
    let proofs = page.text.split("## How we know").nth(1).expect("the section");
    let (files, names): (Vec<_>, Vec<_>) = quoted(proofs).filter(|name| is_proof(name)).partition(|name| name.contains('/'));
    assert!(files.len() > 15 && !names.is_empty());
    for file in &files {
        assert!(book::root().join(file).exists(), "{file}");
    }
    for name in names {
        let named = format!("fn {name}(");
        let found =
            files.iter().any(|file| std::fs::read_to_string(book::root().join(file)).is_ok_and(|text| text.contains(&named)));
        assert!(found, "no file named there has a test `{name}`");
    }
}

/// A path, or the name of a test: a sentence of several words.
fn is_proof(name: &str) -> bool {
    name.split('/').count() > 2 || name.matches('_').count() > 3
}
