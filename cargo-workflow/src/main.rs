//! `cargo workflow`: writes, checks and applies the migrations of declared workflows.
//!
//! Exit status: 0 fine, 1 error, 2 migration needed, 3 refused, 4 a generated file is not what it was, 6 locks not had
//! in time, 64 usage.

mod apply;
mod check;
mod generate;
mod say;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use workflow_migrate::Exit;

/// Migrations of declared workflows, for the migrations folder of an sqlx project
#[derive(Debug, Parser)]
#[command(name = "cargo workflow", bin_name = "cargo workflow", version, after_help = STATUS)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

const STATUS: &str =
    "Exit status: 0 fine, 1 error, 2 migration needed, 3 refused, 4 a file is not what it was, 6 locks not had in time, 64 usage";

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the migrations that are missing, and their snapshots
    Generate {
        #[command(flatten)]
        which: Which,
        /// Show what would be written, and write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Say whether a migration is missing or a generated file was edited; for continuous integration
    Check {
        #[command(flatten)]
        which: Which,
    },
    /// Apply the migrations to a database in use: with lock time-outs and retries, beside other processes
    Apply(apply::Apply),
}

/// Which packages.
#[derive(Debug, Args)]
struct Which {
    /// The workspace: a path of a Cargo.toml
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// Only this package
    #[arg(short, long, value_name = "NAME")]
    package: Option<String>,
}

fn main() -> ExitCode {
    let exit = match Line::try_parse_from(arguments(std::env::args_os())) {
        Ok(line) => run(line.command),
        Err(error) => {
            // Nothing can be done when the terminal is gone.
            let _ = error.print();
            match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Fine,
                // clap's own status is 2, which here means that a migration is needed.
                _ => Exit::Usage,
            }
        }
    };
    ExitCode::from(exit as u8)
}

fn run(command: Command) -> Exit {
    match command {
        Command::Generate { which, dry_run } => generate::run(&which, dry_run),
        Command::Check { which } => check::run(&which),
        Command::Apply(apply) => apply::run(&apply),
    }
}

/// Cargo calls `cargo-workflow workflow …`; called by hand it is `cargo-workflow …`.
fn arguments(mut all: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let program = all.next();
    let mut rest = all.peekable();
    rest.next_if(|first| first == "workflow");
    program.into_iter().chain(rest).collect()
}
