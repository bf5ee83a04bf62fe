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
    let conditional = When { test: false, conditional: true };
    let test = When { test: true, conditional: false };
    assert_eq!(one("#[cfg(feature = \"x\")] workflow! { x }").when, conditional);
    assert_eq!(one("#[cfg(unix)] mod a { mod b { workflow! { x } } }").when, conditional);
    assert_eq!(one("mod a { #![cfg(unix)] workflow! { x } }").when, conditional);
    assert_eq!(one("#![cfg(unix)] workflow! { x }").when, conditional);
    assert_eq!(one("#[cfg(test)] mod tests { workflow! { x } }").when, test);
    assert_eq!(one("#[cfg(all(test, unix))] mod tests { workflow! { x } }").when, test);
    assert_eq!(one("#[cfg(not(test))] workflow! { x }").when, conditional);
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
fn text_that_is_not_rust_is_an_error_with_its_line() {
    let error = find("fn f() {}\nfn {").unwrap_err();
    assert_eq!(error.span().start().line, 2);
    assert!(find("struct A;\nstruct 3;").unwrap_err().span().start().line == 2);
}
