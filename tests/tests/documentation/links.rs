//! Links lead somewhere, and every page is in the table of contents.

use crate::book::{self, Page};
use std::collections::BTreeSet;
use std::path::Path;

/// `[text](target)`, outside of fences.
fn links(page: &Page) -> Vec<String> {
    let prose = page.prose();
    let after = prose.split("](").skip(1);
    after.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_owned()).collect()
}

/// The name that a heading is reached by: lower case, words joined by `-`, signs left out.
fn anchors(page: &Page) -> BTreeSet<String> {
    let prose = page.prose();
    let headings =
        prose.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim().to_lowercase());
    headings
        .map(|heading| {
            let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.collect::<String>().replace(' ', "-")
        })
        .collect()
}

#[test]
fn every_relative_link_leads_to_a_page_and_a_heading() {
    let others = ["ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(book::page);
    for page in book::all_pages().into_iter().chain(others) {
        for link in links(&page).into_iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let folder = Path::new(&page.name).parent().unwrap_or(Path::new(""));
            let target = if file.is_empty() { page.name.clone() } else { folder.join(file).to_string_lossy().into_owned() };
            assert!(book::root().join(&target).exists(), "{}: {link}", page.name);
            if !anchor.is_empty() {
                assert!(anchors(&book::page(&target)).contains(anchor), "{}: {link}", page.name);
            }
        }
    }
}

#[test]
fn the_summary_lists_every_page_once() {
    let mut listed = links(&book::page("docs/src/SUMMARY.md"));
    listed.sort();
    let pages = book::all_pages().into_iter().filter_map(|page| page.name.strip_prefix("docs/src/").map(str::to_owned));
    let mut pages: Vec<_> = pages.filter(|name| name != "SUMMARY.md").collect();
    pages.sort();
    assert_eq!(listed, pages);
}
