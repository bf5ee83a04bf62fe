//! A crate outside of the workspace declares a workflow of its own, generates its migration, fires, and proves it in its own tests.

use std::fs;
use std::process::Command;
use workflow_testing::Database;
use workflow_tests::outside::Outside;

#[tokio::test]
async fn a_crate_outside_declares_generates_migrates_fires_and_proves() {
    let outside = Outside::new("stranger", &["workflow-testing"], "src/main.rs", include_str!("outside/stranger.rs"));
    generate(&outside);
    let database = Database::create().await.unwrap();
    let ran = tokio::task::spawn_blocking(move || {
        let ran = said(outside.cargo(&["run", "--quiet"]).env("DATABASE_URL", database.url()));
        its_own_proofs_hold(&outside, database.url());
        a_stale_snapshot_does_not_compile(&outside);
        ran
    });
    assert_eq!(ran.await.unwrap(), "3 Closed { resolution: Some(\"it does\") }\n");
}

/// Among them those for which its test is run again, to be killed.
fn its_own_proofs_hold(outside: &Outside, url: &str) {
    let said = said(outside.cargo(&["test", "--quiet"]).args(["--", "--nocapture"]).env("DATABASE_URL", url));
    assert!(said.contains("ticket: 5 transitions were stopped") && said.contains("ticket: in 24 random sequences"), "{said}");
}

/// The declaration says `#[snapshot = "…"]`.
fn a_stale_snapshot_does_not_compile(outside: &Outside) {
    let text = fs::read_to_string(outside.home().join("src/main.rs")).unwrap();
    outside.write("src/main.rs", &text.replace("        transitions {", "        transitions {\n            look: Open,"));
    // Not `check`, for which all dependencies would be looked at once more.
    let built = outside.cargo(&["build", "--quiet"]).output().unwrap();
    let complaint = String::from_utf8_lossy(&built.stderr);
    assert!(!built.status.success());
    assert!(complaint.contains("`ticket` is not what its snapshot says: run `cargo workflow generate`"), "{complaint}");
    generate(outside);
    said(&mut outside.cargo(&["build", "--quiet"]));
}

fn generate(outside: &Outside) {
    for project in workflow_migrate::projects(Some(&outside.home().join("Cargo.toml")), None).unwrap() {
        let declared = workflow_migrate::declared(&project).unwrap();
        let plan = workflow_migrate::plan(&project, &declared, workflow_migrate::Step::Expand, workflow_migrate::now()).unwrap();
        plan.write().unwrap();
    }
}

fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
