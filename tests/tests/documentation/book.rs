//! The pages, and the fenced blocks in them.

use std::fs;
use std::path::{Path, PathBuf};

/// A page of the book, or the README.
pub struct Page {
    /// From the root of the repository: `docs/src/tutorial.md`.
    pub name: String,
    pub text: String,
}

/// A fenced block.
pub struct Block {
    /// What stands behind the fence: `rust`.
    pub kind: String,
    pub text: String,
    /// Where its fence is.
    pub line: usize,
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The README and every page of the book, without those of the faults.
pub fn pages() -> Vec<Page> {
    all_pages().into_iter().filter(|page| !page.name.starts_with("docs/src/errors/W")).collect()
}

/// All of them.
pub fn all_pages() -> Vec<Page> {
    let mut names = vec!["README.md".to_owned()];
    collect(Path::new("docs/src"), &mut names);
    names.sort();
    names.into_iter().map(|name| page(&name)).collect()
}

pub fn page(name: &str) -> Page {
    let text = fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    Page { name: name.to_owned(), text }
}

fn collect(folder: &Path, names: &mut Vec<String>) {
    for entry in fs::read_dir(root().join(folder)).expect("a folder") {
        let entry = entry.expect("an entry");
        let path = folder.join(entry.file_name());
        if entry.path().is_dir() {
            collect(&path, names);
        } else if path.extension().is_some_and(|e| e == "md") {
            names.push(path.to_string_lossy().into_owned());
        }
    }
}

impl Page {
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        for (at, line) in self.text.lines().enumerate() {
            match (&mut open, line.strip_prefix("```")) {
                (None, Some(kind)) => open = Some(Block { kind: kind.to_owned(), text: String::new(), line: at + 1 }),
                (Some(_), Some(_)) => blocks.extend(open.take()),
                (Some(block), None) => block.text += &format!("{line}\n"),
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{}: a fence is not closed", self.name);
        blocks
    }

    /// Where a block stands, for a failure's message.
    pub fn place(&self, block: &Block) -> String {
        format!("{}:{}", self.name, block.line)
    }

    /// The text outside of fences.
    pub fn prose(&self) -> String {
        let mut fenced = false;
        let outside = self.text.lines().filter(|line| {
            let fence = line.starts_with("```");
            fenced ^= fence;
            !fence && !fenced
        });
        outside.collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn every_block_is_of_a_kind_that_is_checked() {
    for page in pages() {
        for block in page.blocks() {
            let known = ["rust", "toml", "sql", "sql,generated", "text", "console", "ebnf"];
            let known = known.contains(&block.kind.as_str()) || crate::changes::is_checked(&page, &block);
            assert!(known, "{}: {:?}", page.place(&block), block.kind);
        }
    }
}
