//! The pages of the book: one for each code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use workflow_model::check::RULES;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src/errors")
}

/// The first line of every page, by its code.
fn pages() -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let codes = entries.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).filter(|stem| stem.starts_with('W'));
    codes.map(|code| (code.clone(), title_of(&folder().join(format!("{code}.md"))))).collect()
}

fn title_of(page: &Path) -> String {
    fs::read_to_string(page).unwrap().lines().next().unwrap_or_default().to_owned()
}

#[test]
fn every_rule_has_a_page_with_its_title_and_every_page_a_rule() {
    let rules: BTreeMap<String, String> =
        RULES.iter().map(|rule| (rule.code.to_string(), format!("# {}: {}", rule.code, rule.title))).collect();
    // Codes below W010 are the parser's.
    let pages: BTreeMap<String, String> = pages().into_iter().filter(|(code, _)| code.as_str() >= "W010").collect();
    assert_eq!(pages, rules);
}

#[test]
fn the_index_lists_every_page() {
    let index = fs::read_to_string(folder().join("index.md")).unwrap();
    let listed: BTreeSet<&str> = index.lines().filter(|line| line.starts_with("| [W")).collect();
    let pages = pages();
    let expected: BTreeSet<String> = pages
        .iter()
        .map(|(code, title)| format!("| [{code}]({code}.md) | {} |", title.trim_start_matches(&format!("# {code}: "))))
        .collect();
    assert_eq!(listed, expected.iter().map(String::as_str).collect());
}

#[test]
fn every_page_shows_a_failing_and_a_mended_block() {
    for code in pages().keys() {
        let page = fs::read_to_string(folder().join(format!("{code}.md"))).unwrap();
        let count = |fence: &str| page.lines().filter(|line| *line == fence).count();
        assert_eq!((count("```rust,compile_fail"), count("```rust"), count("```")), (1, 1, 2), "{code}");
    }
}
