//! What reading without the compiler cannot know is said, and is no fault.

use std::fs;
use std::path::{Path, PathBuf};
use workflow_migrate::{Declarations, Format, Level, Project, declared};

const ORDER: &str = "workflow! { pub workflow Order in orders { id: Uuid, states { initial Placed, final Gone } \
                     transitions { go: Placed -> Gone, } } }";

/// The declarations of these sources, of which `src/lib.rs` is the root.
fn read(test: &str, files: &[(&str, &str)]) -> (PathBuf, Declarations) {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("notes").join(test);
    let _ = fs::remove_dir_all(&home);
    for (file, text) in files {
        let path = home.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let project = Project { roots: vec![home.join("src/lib.rs")], ..Project::default() };
    let declared = declared(&project).unwrap_or_else(|errors| panic!("{test}: {:?}", errors.0));
    (home, declared)
}

/// The labels that were found, and what is noted, as the user reads it.
fn notes(test: &str, files: &[(&str, &str)]) -> (String, String) {
    let (home, declared) = read(test, files);
    assert!(declared.notes.iter().all(|note| note.level == Level::Note && note.place.is_some()));
    let text: String = declared.notes.iter().map(|note| note.render(Format::Human, false)).collect();
    let labels: Vec<_> = declared.iter().map(|declared| declared.model.name.label.clone()).collect();
    (labels.join(" "), text.replace(&home.display().to_string(), ""))
}

#[test]
fn a_block_under_a_condition_is_read_and_noted_with_its_place() {
    let block = format!("\n#[cfg(feature = \"orders\")]\n{ORDER}");
    let (found, text) = notes("block", &[("src/lib.rs", &block)]);
    assert_eq!(found, "order");
    let expected = "\
note: the workflow `order` is compiled only under `#[cfg(feature = \"orders\")]`
 --> /src/lib.rs:3:26
  |
3 | ";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("help: it is read as if it were always compiled: its table is in every database"), "{text}");
}

#[test]
fn the_conditions_of_all_modules_that_lead_to_a_block_are_named() {
    let files = [
        ("src/lib.rs", "#[cfg(not(test))] mod a;"),
        ("src/a.rs", "cfg_if::cfg_if! { if #[cfg(unix)] { mod b; } else { mod absent; } }"),
        ("src/a/b.rs", &format!("#[cfg_attr(unix, cfg(windows))] mod c {{ {ORDER} }}")),
    ];
    let (found, text) = notes("modules", &files);
    assert_eq!(found, "order");
    let all = "under `#[cfg(not(test))]` and `cfg_if::cfg_if!` and `#[cfg_attr(unix, cfg(windows))]`";
    assert!(text.contains(all), "{text}");
    assert_eq!(text.matches("note: ").count(), 1, "{text}");
}

#[test]
fn tests_are_not_read_and_nothing_is_noted_of_them() {
    let test = format!("#[cfg(test)] mod tests {{ {ORDER} mod absent; other! {{ {ORDER} }} }} #[test] fn f() {{ {ORDER} }}");
    assert_eq!(notes("tests", &[("src/lib.rs", &test)]), (String::new(), String::new()));
}

#[test]
fn a_module_that_is_not_there_is_noted_under_a_condition() {
    let (_, text) = notes("absent", &[("src/lib.rs", "#[cfg(windows)]\nmod windows;")]);
    assert!(text.starts_with("note: there is no file for the module `windows`, under `#[cfg(windows)]`"), "{text}");
    assert!(text.contains("src/lib.rs:2:5"), "{text}");
}

#[test]
fn a_path_that_only_the_compiler_knows_is_noted_and_the_usual_file_is_read() {
    let files = [
        ("src/lib.rs", "#[cfg_attr(unix, path = \"unix.rs\")] mod a; #[path = concat!(\"b\", \".rs\")] mod absent;"),
        ("src/a.rs", ORDER),
    ];
    let (found, text) = notes("path", &files);
    assert_eq!(found, "order");
    assert!(text.contains("note: the module `a` is read from `/src/a.rs`, and may be another file in some builds"), "{text}");
    assert!(text.contains("note: the file of the module `absent` is known to the compiler only"), "{text}");
}

#[test]
fn included_items_are_read_and_what_cannot_be_is_noted() {
    let source = "include!(\"more/orders.in\");\ninclude!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));\ninclude!(name!());\n\
                  include!(\"absent.rs\");\nfn f() { include!(\"block.in\") }\nconst TABLE: &[u8] = include!(\"table.in\");";
    let files = [
        ("src/lib.rs", source),
        ("src/more/orders.in", &format!("mod beside; {ORDER}")),
        ("src/more/beside.rs", &ORDER.replace("Order in orders", "Refund in refunds")),
        ("src/block.in", &format!("{{ {ORDER} }}")),
        ("src/table.in", "&[1, 2, 3]"),
    ];
    let (found, text) = notes("include", &files);
    assert_eq!(found, "order refund");
    for (line, said) in [
        (2, "note: code that a build script writes is not read"),
        (3, "note: what is included here is known to the compiler only"),
        (4, "note: there is no file `/src/absent.rs` to include"),
        (5, "note: `/src/block.in` is included as an expression and is not read"),
    ] {
        let place = text.split(said).nth(1).unwrap_or_else(|| panic!("{said}: {text}")).lines().nth(1).unwrap();
        assert!(place.contains(&format!("src/lib.rs:{line}:")), "{place}");
    }
    assert_eq!(text.matches("note: ").count(), 4, "{text}");
}

#[test]
fn the_same_sources_give_the_same_answer() {
    let names: Vec<String> = (0..40).map(|n| format!("src/m{n}.rs")).collect();
    let modules: String = (0..40).map(|n| format!("#[cfg(unix)] mod m{n};")).collect();
    let blocks: Vec<String> = (0..40).map(|n| ORDER.replace("Order in orders", &format!("M{n} in m{n}s"))).collect();
    let mut files = vec![("src/lib.rs", modules.as_str())];
    files.extend(names.iter().zip(&blocks).map(|(name, block)| (name.as_str(), block.as_str())));
    let first = notes("same", &files);
    assert_eq!(first.0.split(' ').count(), 40);
    (0..5).for_each(|_| assert_eq!(notes("same", &files), first));
}
