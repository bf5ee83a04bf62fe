//! What is typed into a shell.
//!
//! The commands of a page run one after the other in the project that its reader has by then: the tutorial's.

use crate::book::{self, Page};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use workflow_testing::Database;
use workflow_tests::outside;

/// These need the network, a long time, or the whole repository: they are told, not run.
const TOLD: [&str; 11] = [
    "cargo new shop",
    "cd shop",
    "createdb shop",
    "cargo install --path ../workflow/cargo-workflow",
    "cargo run -p order",
    "cargo run --release -p order storm --orders 10000 --seconds 120 --kill-every 2 --restarts 5",
    "cargo run --release -p bench -- all",
    "cargo run --release -p chaos -- --minutes 60 --seed 1 --report long.md",
    "cargo run --release -p chaos -- --minutes 60 --seed 7",
    "cargo run --release -p chaos -- --minutes 1 --seed 8 --only lose-answer,slow-commit --times 10",
    "cargo test --workspace",
];

struct Typed {
    command: String,
    answer: String,
}

/// `$ command`, and the lines up to the next one.
fn typed(page: &Page) -> Vec<Typed> {
    let mut all: Vec<Typed> = Vec::new();
    for block in page.blocks().into_iter().filter(|block| block.kind == "console") {
        for line in block.text.lines() {
            match (line.strip_prefix("$ "), all.last_mut()) {
                (Some(command), _) => all.push(Typed { command: command.to_owned(), answer: String::new() }),
                (None, Some(last)) => last.answer += &format!("{line}\n"),
                (None, None) => panic!("{}: a block without a command", page.place(&block)),
            }
        }
    }
    all
}

/// The project of the tutorial, in a folder of its own.
fn project(name: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name.replace(['/', '.'], "-"));
    let _ = fs::remove_dir_all(&home);
    for folder in ["src", "migrations"] {
        fs::create_dir_all(home.join(folder)).expect("a folder");
    }
    let manifest = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n";
    let files = [
        ("Cargo.toml", manifest),
        ("src/main.rs", "mod workflow;\nfn main() {}\n"),
        ("src/workflow.rs", include_str!("tutorial/workflow.rs")),
        ("migrations/20260101000000_shop.sql", "CREATE TABLE inventory (sku text PRIMARY KEY);\n"),
    ];
    for (file, text) in files {
        fs::write(home.join(file), text).expect("a file");
    }
    home
}

/// The folder of the programs that this build has made, with `cargo-workflow` among them.
fn programs() -> PathBuf {
    let test = std::env::current_exe().expect("this test");
    let programs = test.ancestors().nth(2).expect("target/debug").to_owned();
    let target = programs.parent().expect("target");
    // The example is there so that the dependencies have the features that the tests ask for: then nothing is built anew.
    let program = ["build", "--quiet", "--workspace", "--bin", "cargo-workflow", "--example", "counted"];
    let built = outside::cargo().args(program).current_dir(book::root()).env("CARGO_TARGET_DIR", target).status();
    assert!(built.expect("cargo").success());
    programs
}

/// A run's own versions of migrations, `20260101093000`, differ, and the times that they took; so do times of day.
fn plain(text: &str) -> String {
    text.trim_end().lines().map(|line| plain_line(&at_any_time(line))).collect()
}

/// `2026-01-02`, `09:30:00`, and `3s` for how long something has been so.
fn at_any_time(line: &str) -> String {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = |word: &str| {
        let parts = |by: char, count: usize| word.split(by).count() == count && word.split(by).all(is_digits);
        parts(':', 3) || parts('-', 3) || word.strip_suffix('s').is_some_and(is_digits)
    };
    let plain = |word: &str| if is_time(word.trim_end_matches(',')) { "<time>".to_owned() } else { word.to_owned() };
    line.split(' ').map(plain).collect::<Vec<_>>().join(" ")
}

fn plain_line(line: &str) -> String {
    let line = match line.rsplit_once(" (") {
        Some((applied, _)) if line.starts_with("applied ") => applied,
        Some(_) | None => line,
    };
    let mut plain = String::new();
    let mut digits = String::new();
    for c in line.chars().chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        plain += if digits.len() == 14 { "<version>" } else { &digits };
        digits.clear();
        plain.push(c);
    }
    plain
}

/// A shell's answer, in which `cargo workflow` is the one that this build has made.
fn shell(command: &str, home: &Path, programs: &Path, database: &Database) -> String {
    let usual = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([programs.to_owned()].into_iter().chain(std::env::split_paths(&usual))).expect("a PATH");
    let mut output = Command::new("bash");
    let output = output.args(["-c", &format!("{command} 2>&1")]).current_dir(home);
    let output = output.env("PATH", path).env("DATABASE_URL", database.url()).output();
    let said = output.expect("bash").stdout;
    String::from_utf8_lossy(&said).replace(&*home.to_string_lossy(), "/home/you/shop")
}

#[tokio::test]
async fn commands_answer_as_the_pages_say() {
    let programs = programs();
    for page in book::pages() {
        let home = project(&page.name);
        let database = Database::create().await.expect("a database");
        for Typed { command, answer } in typed(&page).into_iter().filter(|typed| !TOLD.contains(&typed.command.as_str())) {
            assert_eq!(plain(&shell(&command, &home, &programs, &database)), plain(&answer), "{}: $ {command}", page.name);
        }
    }
}
