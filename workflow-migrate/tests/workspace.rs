//! Which projects there are, from wherever one stands, and what `sqlx.toml` says of them.

use std::fs;
use std::path::{Path, PathBuf};
use workflow_migrate::{Error, Project, projects};

const PACKAGE: &str = "[package]\nname = \"NAME\"\nedition = \"2024\"\n";

/// A folder with these files. A `Cargo.toml` is that of a package of this name, when it is only a word.
fn folder(test: &str, files: &[(&str, &str)]) -> PathBuf {
    filled(Path::new(env!("CARGO_TARGET_TMPDIR")).join("workspace").join(test), files)
}

fn filled(home: PathBuf, files: &[(&str, &str)]) -> PathBuf {
    let _ = fs::remove_dir_all(&home);
    for (file, text) in files {
        let path = home.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let package = file.ends_with("Cargo.toml") && !text.contains('\n');
        fs::write(path, if package { PACKAGE.replace("NAME", text) } else { (*text).to_owned() }).unwrap();
    }
    home
}

fn found(home: &Path, manifest: &str) -> Result<Vec<Project>, Error> {
    projects(Some(&home.join(manifest)), None)
}

/// Each project: its packages, and its folder from `home`.
fn told(home: &Path, manifest: &str) -> Vec<String> {
    let all = found(home, manifest).unwrap();
    let told = |p: &Project| format!("{}: {}", p.packages.join("+"), p.migrations.strip_prefix(home).unwrap().display());
    all.iter().map(told).collect()
}

#[test]
fn a_virtual_workspace_has_all_its_members_from_each_of_them() {
    // Cargo looks for the workspace of an excluded package further above: there must be none.
    let home = filled(
        std::env::temp_dir().canonicalize().unwrap().join(format!("virtual-workspace-{}", std::process::id())),
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\nexclude = [\"alone\"]\nresolver = \"3\"\n"),
            ("a/Cargo.toml", "a"),
            ("a/src/lib.rs", ""),
            ("b/Cargo.toml", "b"),
            ("b/src/main.rs", ""),
            ("alone/Cargo.toml", "alone"),
            ("alone/src/lib.rs", ""),
        ],
    );
    let both = ["a: a/migrations", "b: b/migrations"];
    assert_eq!(told(&home, "Cargo.toml"), both);
    assert_eq!(told(&home, "b/Cargo.toml"), both);
    assert_eq!(told(&home, "alone/Cargo.toml"), ["alone: alone/migrations"], "an excluded package stands for itself");
    fs::remove_dir_all(home).unwrap();
}

#[test]
fn a_package_without_a_workspace_is_one_project() {
    let home =
        folder("package", &[("Cargo.toml", "[workspace]\n[package]\nname = \"p\"\nedition = \"2024\"\n"), ("src/lib.rs", "")]);
    assert_eq!(told(&home, "Cargo.toml"), ["p: migrations"]);
}

#[test]
fn sqlx_toml_names_the_folder_and_the_table_unless_the_manifest_names_the_folder() {
    let settings =
        "[common]\ndatabase-url-var = \"SHOP_URL\"\n[migrate]\nmigrations-dir = \"db/../sql\"\ntable-name = \"shop._applied\"\n";
    let own = "[package]\nname = \"b\"\nedition = \"2024\"\n[package.metadata.workflow]\nmigrations = \"mine\"\n";
    let home = folder(
        "sqlx",
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\nresolver = \"3\"\n"),
            ("a/Cargo.toml", "a"),
            ("a/src/lib.rs", ""),
            ("a/sqlx.toml", settings),
            ("b/Cargo.toml", own),
            ("b/src/lib.rs", ""),
            ("b/sqlx.toml", settings),
        ],
    );
    assert_eq!(told(&home, "Cargo.toml"), ["a: a/sql", "b: b/mine"]);
    let tables: Vec<_> = found(&home, "Cargo.toml").unwrap().into_iter().map(|project| project.table_name).collect();
    assert_eq!(tables, [Some("shop._applied".to_owned()), Some("shop._applied".to_owned())]);
}

#[test]
fn what_sqlx_toml_asks_and_is_not_done_is_refused() {
    for (text, said) in [
        ("[migrate]\nignored-chars = [\"\\r\"]\n", "`[migrate] ignored-chars` is not supported"),
        ("[migrate]\nmigrations-dir = 3\n", "invalid type: integer `3`, expected path string"),
        ("[migrate\n", "unclosed table, expected `]`"),
    ] {
        let home = folder(
            "refused",
            &[("Cargo.toml", "[workspace]\n[package]\nname = \"p\"\n"), ("src/lib.rs", ""), ("sqlx.toml", text)],
        );
        let error = found(&home, "Cargo.toml").unwrap_err();
        assert!(error.to_string().contains("sqlx.toml`: ") && error.to_string().contains(said), "{error}");
    }
    let empty = "[migrate]\nignored-chars = []\n";
    let home =
        folder("refused", &[("Cargo.toml", "[workspace]\n[package]\nname = \"p\"\n"), ("src/lib.rs", ""), ("sqlx.toml", empty)]);
    assert_eq!(told(&home, "Cargo.toml"), ["p: migrations"]);
}

#[test]
fn packages_of_one_folder_have_one_table() {
    let shared = |name| format!("[package]\nname = \"{name}\"\n[package.metadata.workflow]\nmigrations = \"../db\"\n");
    let home = folder(
        "tables",
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\nresolver = \"3\"\n"),
            ("a/Cargo.toml", &shared("a")),
            ("a/src/lib.rs", ""),
            ("b/Cargo.toml", &shared("b")),
            ("b/src/lib.rs", ""),
        ],
    );
    assert_eq!(told(&home, "Cargo.toml"), ["a+b: db"]);
    fs::write(home.join("a/sqlx.toml"), "[migrate]\ntable-name = \"x\"\n").unwrap();
    assert!(matches!(found(&home, "Cargo.toml"), Err(Error::TwoTables { .. })));
}

#[test]
fn outside_of_a_cargo_project_it_is_said_what_to_do() {
    let error = found(&folder("outside", &[("x", "")]), "Cargo.toml").unwrap_err();
    let text = error.render(false);
    assert!(text.starts_with("error: cargo does not describe the workspace: "), "{text}");
    assert!(text.contains("\nhelp: run it in a folder of a cargo workspace, or name one by `--manifest-path`"), "{text}");
}
