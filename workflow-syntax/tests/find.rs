//! The generator sees the blocks that the compiler sees, or says which it cannot.

use workflow_syntax::{Found, When, find};

fn one(source: &str) -> Found {
    let mut file = find(source).unwrap();
    assert_eq!((file.found.len(), file.unseen.len()), (1, 0), "{source}");
    file.found.remove(0)
}

#[test]
fn a_block_is_found_in_nested_modules_with_its_place() {
    let found = one("mod shop {\n    pub mod inner {\n        workflow_runtime::workflow! { workflow A in a {} }\n    }\n}");
    assert_eq!(found.module, ["shop", "inner"]);
    let at = found.span.start();
    assert_eq!((at.line, at.column), (3, 8));
    assert_eq!(found.tokens.to_string(), "workflow A in a { }");
    assert!(!found.in_function && found.when == When::default());
}

#[test]
fn every_position_is_seen() {
    assert!(one("fn f() { workflow! { x } }").in_function);
    assert!(one("fn f() { let _ = workflow!(x); }").in_function);
    assert!(one("impl A { fn f() { workflow! { x } g() } }").in_function);
    assert!(!one("workflow![x];").in_function);
}

#[test]
fn a_condition_of_the_block_or_around_it_is_seen() {
    let conditional = |written: &str| When { test: false, conditions: vec![written.to_owned()] };
    let test = When { test: true, conditions: Vec::new() };
    assert_eq!(one("#[cfg(feature = \"x\")] workflow! { x }").when, conditional("#[cfg(feature = \"x\")]"));
    assert_eq!(one("#[cfg(unix)] mod a { mod b { workflow! { x } } }").when, conditional("#[cfg(unix)]"));
    assert_eq!(one("mod a { #![cfg(unix)] workflow! { x } }").when, conditional("#[cfg(unix)]"));
    assert_eq!(one("#![cfg(unix)] workflow! { x }").when, conditional("#[cfg(unix)]"));
    assert_eq!(one("#[cfg(test)] mod tests { workflow! { x } }").when, test);
    assert_eq!(one("#[cfg(all(test, unix))] mod tests { workflow! { x } }").when, test);
    assert_eq!(one("#[cfg(not(test))] workflow! { x }").when, conditional("#[cfg(not(test))]"));
    assert_eq!(one("#[tokio::test] async fn f() { workflow! { x } }").when, test);
    let chosen = "#[cfg_attr(unix, cfg(feature = \"x\"))]";
    assert_eq!(one(&format!("{chosen} workflow! {{ x }}")).when, conditional(chosen));
    let both = one("#[cfg(any(unix, windows))] mod a { #[cfg(not(test))] workflow! { x } }").when.conditions;
    assert_eq!(both, ["#[cfg(any(unix, windows))]", "#[cfg(not(test))]"]);
    assert_eq!(one("#[cfg(unix)] mod a {} workflow! { x }").when, When::default());
}

#[test]
fn a_block_within_another_macro_is_reported_as_unseen() {
    let file = find("mod a {\n    other! { { workflow! { x } } }\n}\nmacro_rules! m { () => { w::workflow! { x } } }").unwrap();
    assert!(file.found.is_empty());
    let lines: Vec<_> = file.unseen.iter().map(|unseen| (unseen.module.join("::"), unseen.span.start().line)).collect();
    assert_eq!(lines, [("a".into(), 2), (String::new(), 4)]);
    assert!(find("fn f() { print!(\"workflow!\"); let workflow = 1; }").unwrap().unseen.is_empty());
}

#[test]
fn the_files_of_modules_are_named() {
    let source = "mod a;\n#[path = \"x/y.rs\"] mod b;\n#[path = \"there\"] mod c { #[cfg(test)] mod r#type; }\nmod d {}";
    let modules = find(source).unwrap().modules;
    let told: Vec<_> = modules.iter().map(|m| (m.name.as_str(), m.path.as_deref(), m.folders.join("/"), m.when.test)).collect();
    let expected =
        [("a", None, String::new(), false), ("b", Some("x/y.rs"), String::new(), false), ("type", None, "there".into(), true)];
    assert_eq!(told, expected);
    assert_eq!(modules[2].parents, ["c"]);
}

#[test]
fn a_path_that_only_the_compiler_knows_is_unclear() {
    let unclear = |source: &str| find(source).unwrap().modules[0].unclear;
    assert!(unclear("#[path = concat!(\"a\", \".rs\")] mod a;"));
    assert!(unclear("#[cfg_attr(unix, path = \"a.rs\")] mod a;"));
    assert!(!unclear("#[path = \"a.rs\"] mod a;") && !unclear("#[cfg_attr(unix, allow(x))] mod a;"));
}

#[test]
fn a_module_that_another_macro_is_given_is_one_of_the_file() {
    let modules = find("mod a { cfg_if! { if #[cfg(unix)] { mod b; } else { mod c {} } } }").unwrap().modules;
    let told: Vec<_> = modules.iter().map(|m| (m.name.as_str(), m.in_macro, m.folders.join("/"))).collect();
    assert_eq!(told, [("b", true, "a".to_owned())]);
}

#[test]
fn includes_are_named() {
    let source = "include!(\"a.rs\"); include!(concat!(env!(\"OUT_DIR\"), \"/b.rs\")); const A: u8 = include!(\"c.in\");";
    let includes = find(source).unwrap().includes;
    let told: Vec<_> = includes.iter().map(|i| (i.path.as_deref(), i.generated, i.items)).collect();
    assert_eq!(told, [(Some("a.rs"), false, true), (None, true, true), (Some("c.in"), false, false)]);
}

#[test]
fn text_that_is_not_rust_is_an_error_with_its_line() {
    let error = find("fn f() {}\nfn {").unwrap_err();
    assert_eq!(error.span().start().line, 2);
    assert!(find("struct A;\nstruct 3;").unwrap_err().span().start().line == 2);
}
