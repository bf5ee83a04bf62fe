//! What a user's test says when the migrations are not current.

use std::fs;
use std::path::{Path, PathBuf};

const ORDER: &str = "workflow! { pub workflow Order in orders { id: Uuid, states { initial Placed, final Gone } \
                     transitions { go: Placed -> Gone, } } }";

/// A package that is never built.
fn package(test: &str, source: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("migrations").join(test);
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(home.join("src")).unwrap();
    fs::write(home.join("Cargo.toml"), "[workspace]\n[package]\nname = \"shop\"\nedition = \"2024\"\n").unwrap();
    fs::write(home.join("src/lib.rs"), source).unwrap();
    home
}

/// What the test of that package would panic with.
fn panics(home: &Path) -> String {
    let home = home.to_str().unwrap();
    let panic = std::panic::catch_unwind(|| workflow_testing::migrations_current(home, "shop")).unwrap_err();
    *panic.downcast::<String>().unwrap()
}

#[test]
fn a_workflow_without_a_migration_fails_with_the_command_and_passes_after_it() {
    let home = package("missing", ORDER);
    assert_eq!(
        panics(&home),
        "the migrations of `shop` are not current\n\nthe workflow `order` has no migration\nrun: cargo workflow generate -p shop\n"
    );
    let projects = workflow_migrate::projects(Some(&home.join("Cargo.toml")), None).unwrap();
    let declared = workflow_migrate::declared(&projects[0]).unwrap();
    workflow_migrate::plan(&projects[0], &declared, workflow_migrate::Step::Expand, 1).unwrap().write().unwrap();
    workflow_testing::migrations_current(home.to_str().unwrap(), "shop");
}

#[test]
fn a_fault_is_shown_with_its_place() {
    let said = panics(&package("fault", &ORDER.replace("initial", "")));
    assert!(said.contains("error[W030]") && said.contains("src/lib.rs:1:"), "{said}");
    assert!(!said.contains("run: "), "nothing can be generated: {said}");
}

#[test]
fn a_crate_without_workflows_passes() {
    workflow_testing::assert_migrations_current!();
}
