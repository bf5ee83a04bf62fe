//! What is skipped without being parsed has nothing in it.

use proptest::prelude::*;
use std::path::{Path, PathBuf};
use workflow_syntax::{File, find, worth_parsing};

/// Every Rust file below a folder, except of what was built.
fn files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && entry.file_name() != "target" => self::files(&path, files),
            Ok(kind) if kind.is_file() && path.extension().is_some_and(|extension| extension == "rs") => files.push(path),
            Ok(_) | Err(_) => {}
        }
    }
}

/// How many of the dependencies' files are looked at; with `WORKFLOW_EVERY_FILE=1` it is all of them.
const SOME: usize = 400;

/// Those of this workspace, and of the dependencies that cargo has unpacked here.
fn everything() -> Vec<PathBuf> {
    let mut all = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut all);
    assert!(all.len() > 100, "this workspace has more files than {}", all.len());
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    if let Some(cargo) = cargo.or_else(|| Some(std::env::home_dir()?.join(".cargo"))) {
        let mut others = Vec::new();
        files(&cargo.join("registry/src"), &mut others);
        others.sort();
        let every = if std::env::var_os("WORKFLOW_EVERY_FILE").is_some() { 1 } else { others.len() / SOME + 1 };
        all.extend(others.into_iter().step_by(every));
    }
    all
}

fn is_empty(file: &File) -> bool {
    file.found.is_empty() && file.unseen.is_empty() && file.modules.is_empty() && file.includes.is_empty()
}

#[test]
fn no_file_that_is_skipped_has_a_block_a_module_or_an_include() {
    let all = everything();
    let (next, parsed) = (std::sync::atomic::AtomicUsize::new(0), std::sync::atomic::AtomicUsize::new(0));
    let work = || {
        while let Some(path) = all.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            let Ok(text) = std::fs::read_to_string(path) else { continue };
            if worth_parsing(&text) {
                continue;
            }
            // Some are made to be no Rust at all, and some are data that only the compiler's own parser gets through.
            if text.len() < 200_000
                && let Ok(file) = find(&text)
            {
                assert!(is_empty(&file), "{}", path.display());
                parsed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        (0..2).for_each(|_| drop(std::thread::Builder::new().stack_size(64 << 20).spawn_scoped(scope, work).unwrap()));
    });
    assert!(parsed.into_inner() > 50);
}

/// What stands between tokens.
fn gap() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        " ",
        "\n",
        "",
        "/* x; */",
        "// x\n",
        "/* /* a */ ; */",
        "\u{2028}",
        "/**/",
        "\r\n",
        "\u{200e} ",
        "\u{200f}",
        "\u{85}",
    ])
}

/// Pieces of which files are made; a gap goes where `~` stands.
fn piece() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "mod ~a~;",
        "pub(crate) mod~ r#type~;",
        "mod é~;",
        "mod b { mod~ c~; }",
        "fn f() { mod d~; }",
        "workflow~!~{ x }",
        "a::~workflow~!~(x);",
        "fn g() { let _ =~workflow~!~[x]; }",
        "other! { workflow~!~{ x } }",
        "other! { mod~ e~; }",
        "include~!(~\"x\");",
        "#[path = \"y\"]~mod ~h~;",
        "#[cfg(test)]~mod ~i~;",
        "const A: &str = \"mod x; // \\\" workflow! { }\";",
        "const B: &str = r#\"/* \" mod x; \"#;",
        "const C: char = '\"';",
        "const D: char = '\\'';",
        "fn k<'mod_>(a: &'mod_ str) {}",
        "/// workflow! { }~\nstruct S;",
        "struct T { mode: u8 }",
        "use x::workflow;",
        "mod j { }",
    ])
    .prop_flat_map(|piece| {
        let gaps = prop::collection::vec(gap(), piece.matches('~').count());
        gaps.prop_map(move |gaps| {
            let mut parts = piece.split('~');
            let first = parts.next().unwrap_or_default().to_owned();
            parts.zip(gaps).fold(first, |text, (part, gap)| text + gap + part)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_made_up_file_that_is_skipped_has_anything(pieces in prop::collection::vec((piece(), gap()), 0..4)) {
        let text: String = pieces.iter().map(|(piece, gap)| format!("{piece}{gap}\n")).collect();
        if !worth_parsing(&text) && let Ok(file) = find(&text) {
            prop_assert!(is_empty(&file), "{text}");
        }
    }

    #[test]
    fn any_text_can_be_scanned(text in "(mod|workflow|include|[ a/*!;#é\u{2028}\n])*") {
        worth_parsing(&text);
    }
}
