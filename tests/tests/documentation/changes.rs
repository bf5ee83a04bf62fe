//! The part "Change a workflow in production": each page is made from cases of `tests/migrate`, so that what is read is what happens.
//!
//! ```text
//! diff,case=state-added        the declaration, from before.rs to after.rs
//! text,case=state-added        what `generate` says of it, the files of each phase, and what each locks
//! text,case=refused-state-gone what `generate` answers instead: refused.txt
//! sql,case=state-added/expand/2000_order_expand.up.sql   an excerpt of that file; `-- …` stands for lines left out
//! ```
//!
//! All but the excerpts are written by `DOCUMENTATION=overwrite`.

mod case;
mod difference;
mod lock;

use crate::book::{self, Block, Page};
use crate::excerpts;
use case::Case;
use std::collections::BTreeMap;
use std::fs;

const PART: &str = "docs/src/changes/";

/// `state-added` and what follows it, of `sql,case=state-added/expand/2000_order_expand.up.sql`.
fn named(block: &Block) -> Option<(&str, &str, &str)> {
    let (kind, rest) = block.kind.split_once(",case=")?;
    let (case, file) = rest.split_once('/').unwrap_or((rest, ""));
    Some((kind, case, file))
}

/// Whether this file checks a block.
pub(crate) fn is_checked(page: &Page, block: &Block) -> bool {
    page.name.starts_with(PART) && named(block).is_some_and(|(kind, _, _)| ["diff", "text", "sql"].contains(&kind))
}

fn part() -> Vec<Page> {
    book::pages().into_iter().filter(|page| page.name.starts_with(PART)).collect()
}

/// What a block must be; none for an excerpt, which only has to be there.
fn written(block: &Block) -> Option<String> {
    let (kind, case, _) = named(block)?;
    match kind {
        "diff" => Some(Case::named(case).difference()),
        "text" => Some(Case::named(case).answer()),
        _ => None,
    }
}

#[test]
fn what_the_pages_show_of_a_change_is_what_its_case_does() {
    for page in part() {
        let mut text = page.text.clone();
        for block in page.blocks() {
            let Some(expected) = written(&block).filter(|expected| *expected != block.text) else { continue };
            let accepted = std::env::var_os("DOCUMENTATION").is_some();
            assert!(accepted, "{}: the case has\n{expected}\nDOCUMENTATION=overwrite accepts it", page.place(&block));
            let fence = format!("```{}\n", block.kind);
            text = text.replacen(&format!("{fence}{}```", block.text), &format!("{fence}{expected}```"), 1);
        }
        if text != page.text {
            fs::write(book::root().join(&page.name), text).expect("the page");
        }
    }
}

#[test]
fn statements_on_the_pages_of_changes_stand_in_the_files_that_they_name() {
    let mut strangers = Vec::new();
    for page in part() {
        for block in page.blocks() {
            let Some(("sql", case, file)) = named(&block) else { continue };
            if !excerpts::is_excerpt(&block, &excerpts::lines(&Case::named(case).file(file))) {
                strangers.push(format!("{}: {case}/{file} has not\n{}", page.place(&block), block.text));
            }
        }
    }
    assert!(strangers.is_empty(), "{}", strangers.join("\n"));
}

#[test]
fn each_case_is_told_on_one_page() {
    let mut told: BTreeMap<String, Vec<String>> = case::all().into_iter().map(|name| (name, Vec::new())).collect();
    for page in part() {
        for block in page.blocks() {
            let Some((kind, case, _)) = named(&block) else { continue };
            let pages = told.get_mut(case).unwrap_or_else(|| panic!("{}: there is no case {case}", page.place(&block)));
            let refused = case.starts_with("refused-");
            if kind == "diff" && !refused || kind == "text" && refused {
                pages.push(page.name.clone());
            } else {
                assert!(pages.contains(&page.name), "{}: first show what {case} is", page.place(&block));
            }
        }
    }
    let wrong: Vec<_> = told.iter().filter(|(_, pages)| pages.len() != 1).collect();
    assert!(wrong.is_empty(), "not told on one page, and where: {wrong:#?}");
}

/// The table of the first page has a row for each page, with every category that `generate` prints there, and no other.
#[test]
fn the_table_of_all_changes_has_their_categories() {
    let index = book::page("docs/src/changes/index.md");
    let mut differ = Vec::new();
    for page in part().iter().filter(|page| !page.name.ends_with("/index.md")) {
        let link = format!("({})", page.name.trim_start_matches(PART));
        let rows: Vec<&str> = index.text.lines().filter(|line| line.starts_with('|') && line.contains(&link)).collect();
        let shown = page.blocks().into_iter().filter(|block| block.kind.starts_with("text,case="));
        let shown: String = shown.map(|block| block.text).collect();
        for category in ["additive", "replace", "observe", "backfill", "tighten", "contract"] {
            let in_rows = rows.iter().any(|row| row.split('|').nth(2).is_some_and(|cell| cell.contains(category)));
            if in_rows != shown.contains(&format!("[{category}]")) {
                differ.push(format!("{}: {category} is {}in {rows:#?}", page.name, if in_rows { "" } else { "not " }));
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}
