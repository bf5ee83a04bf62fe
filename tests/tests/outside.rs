//! A crate outside of the workspace, with the runtime, sqlx, tokio and uuid as its only dependencies, declares a workflow of its
//! own, generates its migration, and fires.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use workflow_testing::Database;

#[tokio::test]
async fn a_crate_outside_declares_generates_migrates_and_fires() {
    let home = a_crate();
    generate(&home);
    let database = Database::create().await.unwrap();
    let ran = tokio::task::spawn_blocking(move || {
        let ran = run(&home, database.url());
        a_stale_snapshot_does_not_compile(&home);
        let _ = fs::remove_dir_all(home);
        ran
    });
    assert_eq!(ran.await.unwrap(), "3 Closed { resolution: Some(\"it does\") }\n");
}

/// The declaration says `#[snapshot = "…"]`.
fn a_stale_snapshot_does_not_compile(home: &Path) {
    let source = home.join("src/main.rs");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, text.replace("        transitions {", "        transitions {\n            look: Open,")).unwrap();
    let checked = cargo(home, &["check", "--quiet", "--offline"]).output().unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(!checked.status.success());
    assert!(said.contains("`ticket` is not what its snapshot says: run `cargo workflow generate`"), "{said}");
    generate(home);
    let checked = cargo(home, &["check", "--quiet", "--offline"]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

/// Its dependencies are built where ours are: most are the same.
fn cargo(home: &Path, arguments: &[&str]) -> Command {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(home).env("CARGO_TARGET_DIR", target);
    command
}

/// The versions of its dependencies are ours: they are on this machine already.
fn a_crate() -> PathBuf {
    let home = std::env::temp_dir().join(format!("workflow-stranger-{}", std::process::id()));
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let runtime = ours.join("workflow-runtime");
    let manifest = include_str!("outside/Cargo.toml.txt").replace("{runtime}", &runtime.display().to_string());
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(home.join("src")).unwrap();
    fs::write(home.join("Cargo.toml"), manifest).unwrap();
    fs::write(home.join("src/main.rs"), include_str!("outside/stranger.rs")).unwrap();
    fs::copy(ours.join("Cargo.lock"), home.join("Cargo.lock")).unwrap();
    home
}

fn generate(home: &Path) {
    let projects = workflow_migrate::projects(Some(&home.join("Cargo.toml")), None).unwrap();
    for project in projects {
        let declared = workflow_migrate::declared(&project).unwrap();
        workflow_migrate::plan(&project, &declared, workflow_migrate::Step::Expand, workflow_migrate::now())
            .unwrap()
            .write()
            .unwrap();
    }
}

fn run(home: &Path, url: &str) -> String {
    let output = cargo(home, &["run", "--quiet", "--offline"]).env("DATABASE_URL", url).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
