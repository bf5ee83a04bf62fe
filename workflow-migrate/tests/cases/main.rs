//! Every kind of change, each a folder of `tests/migrate`: a declaration before and after, and the files that lead from one to the
//! other. Each is applied up, down and up again to a real server with rows in every state; the catalogue is compared each time.
//!
//! `UPDATE_GOLDEN=1` writes the expected files anew; the difference is then reviewed in git. `CASE=name` runs one case.

mod adopted;
mod back;
mod catalogue;
mod expected;
mod folder;
mod functions;
mod hostile;
mod moved;
mod older;
mod open;
mod pairs;
mod phases;
mod rows;
mod run;
mod work;

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_change_is_generated_as_reviewed_and_can_be_applied_and_taken_back() {
    let mut failures = Vec::new();
    for case in folder::cases() {
        let name = case.name.clone();
        if let Err(error) = tokio::spawn(run::case(case)).await {
            failures.push(format!("{name}: {error}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
