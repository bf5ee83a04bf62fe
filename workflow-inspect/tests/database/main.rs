//! On a real server: no drift where the migrations led, each kind of tampering found as what it is, and what is counted.

#[allow(dead_code, reason = "the cases of workflow-migrate use more of it")]
#[path = "../../../workflow-migrate/tests/cases/folder.rs"]
mod folder;

#[allow(dead_code, reason = "the cases of workflow-migrate use more of it")]
#[path = "../../../workflow-migrate/tests/cases/rows.rs"]
mod seeded;

mod cases;
mod census;
mod data;
mod looking;
mod migrated;
mod release;
mod rows;
mod scheduled;
mod shop;
mod standing;
mod tampering;
mod verify;
