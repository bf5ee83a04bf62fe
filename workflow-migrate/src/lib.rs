//! From a workflow's declaration to the SQL migrations of an ordinary sqlx project.
//!
//! [`projects`] finds the packages of a cargo workspace, each with its migrations folder; [`declared`] reads the `workflow!` blocks
//! of their sources, without a build; [`plan`] compares each block with its [`Snapshot`] and says which files are missing
//! ([`check()`] only asks whether there are any). Rendering is pure: [`first_migration`] takes a checked model and gives text, the
//! same bytes every time. Nothing here needs a database.

mod branch;
mod catalogue;
mod check;
mod diff;
mod error;
mod folder;
mod generate;
pub mod git;
mod jobs;
mod locate;
mod package;
mod phase;
mod project;
mod report;
mod snapshot;
mod source;
mod sql;
mod sqlx_toml;
mod stage;

pub use branch::{Compat, Differs, Hindrance, Note, Rebased, above, compat, rebase, unreleased};
pub use catalogue::{Aspect, Catalogue, Expected, Fault, Finding, Kind, Thing, compare, expected};
pub use check::{Checked, check};
pub use diff::{Category, Change, Difference, Refusal, diff};
pub use error::{Error, Errors, Exit};
pub use generate::{File, Plan, Step, now, plan, snapshots};
pub use package::{Package, packages};
pub use phase::{Meets, Work, meets};
pub use project::{Project, projects};
pub use report::{Format, Level, Place, Report};
pub use snapshot::{Recorded, Snapshot, Standing};
pub use source::{Declarations, Declared, declared};
pub use sql::{Migration, first_migration};
pub use sqlx_toml::SqlxToml;
