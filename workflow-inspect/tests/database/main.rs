//! Drift on a real server: none where the migrations led, and each kind of tampering found as what it is.

#[path = "../../../workflow-migrate/tests/cases/folder.rs"]
mod folder;
#[path = "../../../workflow-migrate/tests/cases/rows.rs"]
mod rows;

mod cases;
mod shop;
mod standing;
mod tampering;
