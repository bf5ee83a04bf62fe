//! What the example prints, and that its migrations are those of its declaration.

use std::process::Command;

#[test]
fn spans_and_numbers_are_printed() {
    let output = Command::new(env!("CARGO_BIN_EXE_telemetry")).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    for word in ["POST /pictures", "workflow.fire", "workflow.job", "workflow_transitions_total", "workflow_job_seconds"] {
        assert!(printed.contains(word), "no {word} in\n{printed}");
    }
}

#[test]
fn the_migrations_are_current() {
    workflow_testing::assert_migrations_current!();
}
