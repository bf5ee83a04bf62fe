//! `cargo workflow diagram`, as a user calls it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ORDER: &str = "workflow! { pub workflow Order in orders { id: Uuid, states { initial Placed, final Gone } \
                     transitions { go: Placed -> Gone, } } }";

/// Two packages with one migrations folder, new for each test. Nothing in it is built.
fn workspace(test: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diagram").join(test);
    let _ = fs::remove_dir_all(&home);
    let manifest = |name: &str, more: &str| {
        format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n[package.metadata.workflow]\nmigrations = \"../db\"\n{more}")
    };
    for (file, text) in [
        ("Cargo.toml", "[workspace]\nmembers = [\"shop\", \"bank\"]\nresolver = \"3\"\n"),
        ("shop/Cargo.toml", &manifest("shop", "")),
        ("shop/src/lib.rs", ORDER),
        ("bank/Cargo.toml", &manifest("bank", "diagrams = \"pictures\"\n")),
        ("bank/src/main.rs", &ORDER.replace("Order in orders", "Account in accounts")),
    ] {
        let path = home.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    home
}

fn diagram(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-workflow"));
    let output = command.args(["workflow", "diagram"]).args(arguments).current_dir(home).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn each_package_gets_the_diagrams_of_its_own_workflows() {
    let home = workspace("write");
    let (code, out, err) = diagram(&home, &[]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, "wrote shop/docs/order.svg\nwrote bank/pictures/account.svg\n");
    let svg = fs::read_to_string(home.join("shop/docs/order.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains(">Placed<") && svg.contains(">go<"), "{svg}");
    assert_eq!(diagram(&home, &[]), (0, "up to date\n".to_owned(), String::new()));
}

#[test]
fn a_check_finds_what_is_missing_or_stale_and_writes_nothing() {
    let home = workspace("check");
    let (code, out, _) = diagram(&home, &["--check", "-p", "shop"]);
    assert_eq!((code, out.as_str()), (2, "`shop/docs/order.svg` is not there: run `cargo workflow diagram`\n"));
    assert!(!home.join("shop/docs").exists());
    diagram(&home, &[]);
    assert_eq!(diagram(&home, &["--check"]), (0, String::new(), String::new()));
    fs::write(home.join("shop/src/lib.rs"), ORDER.replace("go:", "leave:")).unwrap();
    let (code, out, _) = diagram(&home, &["--check"]);
    assert_eq!((code, out.as_str()), (2, "`shop/docs/order.svg` does not show what is declared: run `cargo workflow diagram`\n"));
    assert_eq!(diagram(&home, &[]).1, "wrote shop/docs/order.svg\n");
}

#[test]
fn line_ends_that_git_has_changed_are_no_difference() {
    let home = workspace("crlf");
    diagram(&home, &[]);
    let path = home.join("shop/docs/order.svg");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace('\n', "\r\n")).unwrap();
    assert_eq!(diagram(&home, &["--check"]).0, 0);
}

#[test]
fn formats_and_workflows_are_chosen_and_printed() {
    let home = workspace("print");
    let (code, out, _) = diagram(&home, &["--stdout", "--workflow", "order", "--as", "mermaid"]);
    assert_eq!((code, out.lines().next()), (0, Some("stateDiagram-v2")));
    assert!(out.contains("Placed --> Gone : go"), "{out}");
    assert!(!home.join("shop/docs").exists());
    let (_, out, _) = diagram(&home, &["-p", "shop", "--as", "mermaid", "--as", "dot"]);
    assert_eq!(out, "wrote shop/docs/order.mmd\nwrote shop/docs/order.dot\n");
}

#[test]
fn each_way_to_fail_has_its_status() {
    let home = workspace("status");
    let (code, _, err) = diagram(&home, &["--workflow", "orders"]);
    assert!(code == 1 && err.contains("there is no workflow `orders` here") && err.contains("help: "), "{err}");
    assert_eq!(diagram(&home, &["--as", "png"]).0, 64);
    assert_eq!(diagram(&home, &["--check", "--stdout"]).0, 64);
    assert_eq!(diagram(&home, &["-p", "none"]).0, 1);
    fs::write(home.join("bank/src/main.rs"), ORDER.replace("initial", "")).unwrap();
    let (code, out, err) = diagram(&home, &[]);
    assert!(code == 1 && err.contains("error[W030]"), "{err}");
    assert_eq!(out, "");
    assert!(!home.join("shop/docs").exists(), "a fault in one package writes nothing in any");
}
