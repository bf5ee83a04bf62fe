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
    let ran = tokio::task::spawn_blocking(move || run(&home, database.url())).await.unwrap();
    assert_eq!(ran, "3 Closed { resolution: Some(\"it does\") }\n");
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
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline"])
        .current_dir(home)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside"))
        .env("DATABASE_URL", url)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let _ = fs::remove_dir_all(home);
    String::from_utf8(output.stdout).unwrap()
}
