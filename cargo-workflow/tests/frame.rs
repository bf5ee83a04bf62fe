//! What all commands share: help, formats, colours, completions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const ORDER: &str = "workflow! { pub workflow Order in orders { id: Uuid, states { initial Placed, final Gone } \
                     transitions { go: Placed -> Gone, } } }";

fn package(test: &str, source: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("frame").join(test);
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(home.join("src")).unwrap();
    fs::write(home.join("Cargo.toml"), "[workspace]\n[package]\nname = \"shop\"\nedition = \"2024\"\n").unwrap();
    fs::write(home.join("src/lib.rs"), source).unwrap();
    home
}

fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-workflow"));
    command.arg("workflow").args(arguments).current_dir(home).env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

fn said(mut command: Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn run(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    said(command(home, arguments))
}

#[test]
fn json_has_results_on_stdout_and_the_rest_on_stderr() {
    let home = package("json", &format!("#[cfg(unix)]\n{ORDER}"));
    let (code, out, err) = run(&home, &["check", "--format", "json"]);
    assert_eq!(code, 2);
    let missing = "the workflow `order` has no migration: run `cargo workflow generate`";
    assert_eq!(out, format!("{{\"level\":\"finding\",\"code\":\"missing\",\"message\":\"{missing}\"}}\n"));
    assert_eq!(
        err,
        "{\"level\":\"note\",\"message\":\"the workflow `order` is compiled only under `#[cfg(unix)]`\",\"help\":\"it is read as if \
         it were always compiled: its table is in every database\",\"file\":\"src/lib.rs\",\"line\":2,\"column\":26,\"end_line\":2,\
         \"end_column\":31}\n"
    );
    let (code, out, _) = run(&home, &["--format=json", "generate"]);
    assert_eq!(code, 0);
    let snapshot = "migrations/.workflow/order.json";
    let wrote = format!("{{\"level\":\"result\",\"code\":\"wrote\",\"message\":\"wrote {snapshot}\",\"file\":\"{snapshot}\"}}\n");
    assert!(out.ends_with(&wrote), "{out}");
    assert_eq!(run(&home, &["check"]).0, 0, "a note changes no status");
}

#[test]
fn github_gets_an_error_for_what_is_missing_and_for_each_fault() {
    let home = package("github", ORDER);
    let (code, out, err) = run(&home, &["check", "--format", "github"]);
    let missing = "::error title=missing::the workflow `order` has no migration: run `cargo workflow generate`\n";
    assert_eq!((code, out.as_str(), err.as_str()), (2, missing, ""));
    fs::write(home.join("src/lib.rs"), ORDER.replace("initial", "")).unwrap();
    let (code, _, err) = run(&home, &["check", "--format", "github"]);
    assert_eq!(code, 1);
    assert!(err.starts_with("::error file=src/lib.rs,line=1,endLine=1,col="), "{err}");
    assert!(err.contains(",title=W030::") && err.lines().count() == 1, "{err}");
}

/// The only file of a folder whose name ends so.
fn file(home: &Path, folder: &str, end: &str) -> String {
    let names = fs::read_dir(home.join(folder)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found: Vec<_> = names.filter(|name| name.ends_with(end)).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    format!("{folder}/{}", found[0])
}

#[test]
fn programs_are_told_the_file_also_when_a_file_as_a_whole_is_meant() {
    let home = package("whole", ORDER);
    assert_eq!(run(&home, &["generate"]).0, 0);
    let up = file(&home, "migrations", "_order_create.up.sql");
    let snapshot = "migrations/.workflow/order.json";
    let [up_text, snapshot_text] = [up.as_str(), snapshot].map(|file| fs::read_to_string(home.join(file)).unwrap());
    let put = |file: &str, text: &str| fs::write(home.join(file), text).unwrap();
    let remove = |file: &str| fs::remove_file(home.join(file)).unwrap();
    let tells = |file: &str, code: i32| {
        let (json, github) = (run(&home, &["check", "--format=json"]), run(&home, &["check", "--format=github"]));
        assert_eq!((json.0, github.0), (code, code), "{}{}", json.1, json.2);
        let line: serde_json::Value = serde_json::from_str(json.2.lines().next().unwrap()).unwrap();
        assert_eq!((&line["level"], &line["file"]), (&"error".into(), &file.into()), "{line}");
        assert!(line.get("line").is_none(), "{line}");
        assert!(github.2.starts_with(&format!("::error file={file}::")), "{}", github.2);
        let human = run(&home, &["check"]).2;
        assert!(human.starts_with("error: ") && !human.contains("-->"), "for people its name in the message is enough: {human}");
    };

    put(&up, &format!("{up_text}-- edited\n"));
    tells(&up, 4);
    remove(&up);
    tells(&up, 4);
    put(&up, &up_text);
    put(snapshot, &snapshot_text.replace("\"placed\"", "\"laid\""));
    tells(snapshot, 4);
    put(snapshot, &snapshot_text);
    put("src/lib.rs", "");
    tells(snapshot, 3);
    put("src/lib.rs", ORDER);
    put("sqlx.toml", "[migrate]\nignored-chars = [\"\\r\"]\n");
    tells("sqlx.toml", 1);
    remove("sqlx.toml");
    remove(snapshot);
    let (code, _, err) = run(&home, &["check", "--format=github"]);
    assert!(code == 4 && err.lines().all(|line| line.starts_with("::error file=migrations/2")), "{err}");
}

#[test]
fn a_file_that_is_not_rust_is_shown_where_it_stops_being_so_and_why() {
    let home = package("unreadable", "");
    for (end, said, at) in [
        ("fn f() {\n", "this `{` is never closed", "2:8"),
        ("fn f() {\n(1]\n}\n", "this `]` closes nothing that is open here", "3:3"),
        ("}\n", "this `}` closes nothing that is open here", "2:1"),
        ("/* note\n", "this comment is never closed", "2:1"),
        ("const A: &str = \"a;\n", "this literal cannot be read", "2:17"),
        ("const A: &str = r#\"a\";\n", "this literal cannot be read", "2:17"),
        ("fn f() { \\ }\n", "nothing in Rust begins with `\\` here", "2:10"),
        ("fn f() { let x 1; }\n", "expected `;`", "2:16"),
    ] {
        fs::write(home.join("src/lib.rs"), format!("{ORDER}\n{end}")).unwrap();
        let (code, _, err) = run(&home, &["check"]);
        assert_eq!(code, 1);
        assert!(err.starts_with(&format!("error: {said}\n --> src/lib.rs:{at}\n")), "{end}: {err}");
    }
}

#[test]
fn colours_are_where_they_are_wanted() {
    let home = package("colour", "mod absent;");
    let coloured = |arguments: &[&str], no_color: &str| {
        let mut command = command(&home, arguments);
        command.env("NO_COLOR", no_color);
        said(command).2.contains("\u{1b}[")
    };
    assert!(!coloured(&["check"], ""), "a pipe is no terminal");
    assert!(coloured(&["check", "--color", "always"], ""));
    assert!(coloured(&["--color=always", "check"], "1"), "the option is nearer than the environment");
    assert!(!coloured(&["check", "--color", "never"], ""));
    assert!(coloured(&["--color=always", "no-such-command"], ""), "complaints about the line as well");
}

#[test]
fn alone_it_shows_its_help_and_is_a_usage_error() {
    let (code, out, err) = run(&package("alone", ""), &[]);
    assert_eq!((code, out.as_str()), (64, ""));
    assert!(err.contains("Usage: cargo workflow [OPTIONS] <COMMAND>") && err.contains("generate"), "{err}");
}

#[test]
fn help_teaches_the_way_and_each_command_has_an_example_and_its_statuses() {
    let home = package("help", "");
    let (code, out, _) = run(&home, &["--help"]);
    assert_eq!(code, 0);
    for said in ["From a declaration to a deploy:", "cargo workflow apply", "  64  the command line was not understood", "   6  "]
    {
        assert!(out.contains(said), "{said}: {out}");
    }
    let all =
        ["generate", "check", "apply", "compat", "rebase", "diagram", "explain", "drift", "census", "verify", "completions"];
    for command in all {
        let (code, out, _) = run(&home, &[command, "--help"]);
        assert_eq!(code, 0);
        assert!(out.contains("Exit status: 0") && out.contains(&format!("workflow {command}")), "{out}");
    }
}

#[test]
fn each_shell_has_completions_and_bash_takes_them() {
    let home = package("completions", "");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, err) = run(&home, &["completions", shell]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.contains("cargo-workflow") && out.contains("dry-run"), "{shell}: {out}");
    }
    let script = run(&home, &["completions", "bash"]).1;
    let ask = "function=$(complete -p cargo-workflow | sed 's/.* -F \\([^ ]*\\) .*/\\1/'); COMP_WORDS=(cargo-workflow gen); COMP_CWORD=1; \
               $function cargo-workflow gen cargo-workflow; echo \"${COMPREPLY[@]}\"";
    let Ok(bash) = Command::new("bash").args(["--norc", "-c", &format!("{script}\n{ask}")]).output() else { return };
    assert_eq!(String::from_utf8_lossy(&bash.stdout).trim(), "generate", "{}", String::from_utf8_lossy(&bash.stderr));
    assert_eq!(run(&home, &["completions", "csh"]).0, 64);
}

#[test]
fn it_works_in_any_folder_below() {
    let home = package("below", ORDER);
    assert_eq!(run(&home.join("src"), &["check"]).0, 2);
    let (code, _, err) = run(Path::new("/"), &["check"]);
    assert_eq!(code, 1);
    assert!(
        err.contains("could not find `Cargo.toml`") && err.contains("help: run it in a folder of a cargo workspace"),
        "{err}"
    );
}
