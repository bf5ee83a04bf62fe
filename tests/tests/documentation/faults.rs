//! The pages of the faults: the failing block has the page's fault and no other, the mended one has none.

use crate::book::{self, Block, Page};

/// The codes that the parser and the rules give for a block, each once.
fn codes(block: &Block) -> Vec<String> {
    let file = workflow_syntax::find(&block.text).expect("Rust");
    let mut codes = Vec::new();
    for found in file.found {
        let parsed = workflow_syntax::parse(found.tokens);
        codes.extend(parsed.errors.iter().map(|error| error.code.to_string()));
        if let Some(workflow) = parsed.workflow.filter(|_| parsed.errors.is_empty()) {
            let model = workflow_syntax::lower(&workflow);
            codes.extend(workflow_model::check(&model).iter().map(|fault| fault.code.to_string()));
        }
    }
    codes.dedup();
    codes
}

fn fault_pages() -> Vec<(String, Page)> {
    let pages = book::all_pages().into_iter().filter_map(|page| {
        let code = page.name.strip_prefix("docs/src/errors/")?.strip_suffix(".md")?.to_owned();
        code.starts_with('W').then_some((code, page))
    });
    pages.collect()
}

#[test]
fn each_failing_block_has_the_fault_of_its_page_and_each_mended_one_none() {
    let pages = fault_pages();
    assert!(pages.len() > 40, "there are {} pages", pages.len());
    for (code, page) in pages {
        for block in page.blocks() {
            let expected = match block.kind.as_str() {
                "rust,compile_fail" => vec![code.clone()],
                "rust" => Vec::new(),
                other => panic!("{}: {other:?}", page.place(&block)),
            };
            assert_eq!(codes(&block), expected, "{}", page.place(&block));
        }
    }
}
