//! `cargo workflow check`, as a test of the crate itself.

use std::path::Path;
use workflow_migrate::{Error, Errors, Exit, check, projects};

/// Passes when every workflow of the crate that calls it has its migrations, and no generated file was edited: what
/// `cargo workflow check` says of it.
///
/// Sources are read, not built, and no database is needed.
///
/// ```
/// workflow_testing::assert_migrations_current!();
/// ```
///
/// # Panics
///
/// When a migration is missing, a file was edited, or a declaration has a fault; with the place and what to do. Nothing is
/// written.
#[macro_export]
macro_rules! assert_migrations_current {
    () => {
        $crate::migrations_current(::core::env!("CARGO_MANIFEST_DIR"), ::core::env!("CARGO_PKG_NAME"))
    };
}

/// What the macro calls.
#[doc(hidden)]
#[track_caller]
pub fn migrations_current(folder: &str, package: &str) {
    if let Some(said) = wrong(&Path::new(folder).join("Cargo.toml"), package) {
        panic!("the migrations of `{package}` are not current\n\n{said}");
    }
}

fn wrong(manifest: &Path, package: &str) -> Option<String> {
    let projects = match projects(Some(manifest), Some(package)) {
        Ok(projects) => projects,
        Err(error) => return Some(told(&error.into(), package)),
    };
    let all: Vec<String> = projects
        .iter()
        .filter_map(|project| match check(project) {
            Ok(checked) if checked.exit() == Exit::Fine => None,
            Ok(checked) => {
                let missing = checked.missing.iter().map(|label| format!("the workflow `{label}` has no migration\n"));
                let changed = checked.changed.iter().map(|label| format!("the workflow `{label}` has changed\n"));
                Some(missing.chain(changed).collect::<String>() + &command(package))
            }
            Err(errors) => Some(told(&errors, package)),
        })
        .collect();
    (!all.is_empty()).then(|| all.join("\n"))
}

/// As the command line says it. What can be generated gets the command; the rest has its own help.
fn told(errors: &Errors, package: &str) -> String {
    let mut said: String = errors.0.iter().map(|error: &Error| error.render(false) + "\n").collect();
    if errors.exit() == Exit::Refused {
        said += &command(package);
    }
    said
}

fn command(package: &str) -> String {
    format!("run: cargo workflow generate -p {package}\n")
}
