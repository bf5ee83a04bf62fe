//! The built command, as cargo and as a user call it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ORDER: &str = "workflow! { pub workflow Order in orders { id: Uuid, states { initial Placed, final Gone } \
                     transitions { go: Placed -> Gone, } } }";

/// A workspace of two packages, new for each test. Nothing in it is built.
fn workspace(test: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&home);
    for (file, text) in [
        ("Cargo.toml", "[workspace]\nmembers = [\"shop\", \"bank\"]\nresolver = \"3\"\n"),
        ("shop/Cargo.toml", "[package]\nname = \"shop\"\nedition = \"2024\"\n"),
        ("shop/src/lib.rs", ORDER),
        (
            "bank/Cargo.toml",
            "[package]\nname = \"bank\"\nedition = \"2024\"\n[package.metadata.workflow]\nmigrations = \"../db/bank\"\n",
        ),
        ("bank/src/main.rs", "mod account; fn main() {}"),
        ("bank/src/account.rs", &ORDER.replace("Order in orders", "Account in accounts")),
    ] {
        let path = home.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    home
}

fn workflow(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_cargo-workflow")).args(arguments).current_dir(home).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn generate_then_check_is_fine_and_before_it_a_migration_is_needed() {
    let home = workspace("generate");
    let (code, out, _) = workflow(&home, &["workflow", "check"]);
    assert_eq!(code, 2);
    assert!(out.contains("the workflow `order` has no migration: run `cargo workflow generate`"), "{out}");
    let (code, out, err) = workflow(&home, &["workflow", "generate"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("wrote shop/migrations/.workflow/order.json\n"), "{out}");
    assert!(home.join("db/bank/.workflow/account.json").is_file(), "{out}");
    assert_eq!(workflow(&home, &["workflow", "check"]).0, 0);
    let (code, out, _) = workflow(&home, &["generate"]);
    assert_eq!((code, out.as_str()), (0, "up to date\n"));
}

#[test]
fn a_dry_run_shows_and_writes_nothing() {
    let home = workspace("dry");
    let (code, out, _) = workflow(&home, &["workflow", "generate", "--dry-run", "-p", "shop"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("-- would write shop/migrations/.workflow/order.json") && out.contains("CREATE TABLE public.orders ("),
        "{out}"
    );
    assert!(!out.contains("accounts"), "only the package that was named: {out}");
    assert!(!home.join("shop/migrations").exists());
}

#[test]
fn a_fault_in_one_package_writes_nothing_in_any() {
    let home = workspace("fault");
    fs::write(home.join("bank/src/account.rs"), ORDER.replace("initial", "")).unwrap();
    let (code, _, err) = workflow(&home, &["workflow", "generate"]);
    assert_eq!(code, 1);
    assert!(err.contains("error[W030]") && err.contains("bank/src/account.rs:1:"), "{err}");
    assert!(!home.join("shop/migrations").exists());
}

#[test]
fn each_way_to_fail_has_its_status() {
    let home = workspace("status");
    assert_eq!(workflow(&home, &["workflow", "generate"]).0, 0);
    assert_eq!(workflow(&home, &["workflow", "--help"]).0, 0);
    assert_eq!(workflow(&home, &["--version"]).0, 0);
    assert_eq!(workflow(&home, &["workflow"]).0, 64);
    assert_eq!(workflow(&home, &["workflow", "generate", "--wrong"]).0, 64);
    assert_eq!(workflow(&home, &["workflow", "check", "-p", "none"]).0, 1);
    assert_eq!(workflow(&home, &["workflow", "check", "--manifest-path", "none/Cargo.toml"]).0, 1);
    fs::write(home.join("shop/src/lib.rs"), ORDER.replace("Gone", "Lost")).unwrap();
    assert_eq!(workflow(&home, &["workflow", "check"]).0, 3);
    let (code, _, err) = workflow(&home, &["workflow", "generate"]);
    assert_eq!(code, 3);
    assert!(err.contains("`Gone` is gone and `Lost` is new: is it the same state?") && err.contains("help: "), "{err}");
    fs::write(home.join("shop/migrations/.workflow/order.json"), "{}").unwrap();
    assert_eq!(workflow(&home, &["workflow", "generate"]).0, 4);
}

#[test]
fn a_change_is_missed_by_check_and_generated_and_its_second_phase_waits() {
    let home = workspace("change");
    assert_eq!(workflow(&home, &["workflow", "generate"]).0, 0);
    fs::write(home.join("shop/src/lib.rs"), ORDER.replace("id: Uuid,", "id: Uuid, #[default = 1] size: i32,")).unwrap();
    let (code, out, _) = workflow(&home, &["workflow", "check"]);
    assert_eq!((code, out.as_str()), (2, "the workflow `order` has changed: run `cargo workflow generate`\n"));
    let (code, out, _) = workflow(&home, &["workflow", "generate"]);
    assert!(code == 0 && out.starts_with("order: field `size` is new [additive]\n"), "{out}");
    let (code, out, _) = workflow(&home, &["workflow", "check"]);
    assert_eq!((code, out.as_str()), (0, "the contract phase of `order` waits for a later release\n"));
}
