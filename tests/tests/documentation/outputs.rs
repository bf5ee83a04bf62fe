//! What programs and the compiler say, where a page shows it.

use crate::book::{self, Page};
use std::fs;

/// `text` blocks that do not answer a `sql` block.
fn shown(page: &Page) -> Vec<(String, String)> {
    let mut before = String::new();
    let mut shown = Vec::new();
    for block in page.blocks() {
        if block.kind == "text" && before != "sql" {
            shown.push((page.place(&block), plain(&block.text)));
        }
        before = block.kind;
    }
    shown
}

/// What the compiler answers to the compile-fail cases.
fn compile_errors() -> Vec<String> {
    let folder = book::root().join("tests/compile_fail");
    let files = fs::read_dir(folder).expect("the compile-fail cases").map(|entry| entry.expect("an entry").path());
    let answers = files.filter(|path| path.extension().is_some_and(|e| e == "stderr"));
    let text = |path| fs::read_to_string(path).expect("a file").replace("$WORKSPACE/tests/compile_fail/", "");
    answers.map(|path| plain(&text(path))).collect()
}

/// Keys differ from run to run, and the lines of PostgreSQL's own source from release to release.
fn plain(text: &str) -> String {
    let text =
        text.lines().map(|line| line.split_once(" at line ").map_or(line, |(before, _)| before)).collect::<Vec<_>>().join("\n");
    let is_key = |word: &str| word.len() == 36 && word.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let words = text.trim_end().split(' ').map(|word| if is_key(word) { "<key>" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn programs_and_the_compiler_say_what_the_pages_show() {
    let mut real = compile_errors();
    real.extend(crate::tutorial::outputs().await.expect("the tutorial runs").iter().map(|text| plain(text)));
    for page in book::pages() {
        for (place, text) in shown(&page) {
            let found = real.iter().any(|output| output == &text || output.starts_with(&format!("{text}\n")));
            let close: Vec<_> =
                real.iter().filter(|output| output.split(' ').next() == text.split(' ').next()).cloned().collect();
            assert!(found, "{place}: nothing says\n{text}\n\nWhat is said:\n{}", close.join("\n---\n"));
        }
    }
}
