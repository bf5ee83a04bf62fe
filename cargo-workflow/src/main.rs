//! `cargo workflow`: writes, checks and applies the migrations of declared workflows.
//!
//! The exit statuses are those of [`Exit`].

mod apply;
mod census;
mod check;
mod columns;
mod compat;
mod completions;
mod database;
mod diagram;
mod drift;
mod explain;
mod generate;
mod help;
mod history;
mod rebase;
mod release;
mod say;
mod status;
mod verify;
mod verify_data;
mod why;

use clap::error::ErrorKind;
use clap::{Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use workflow_migrate::{Exit, Step};

/// Migrations of declared workflows, for the migrations folder of an sqlx project
#[derive(Debug, Parser)]
#[command(name = "cargo workflow", bin_name = "cargo workflow", version, arg_required_else_help = true)]
#[command(long_about = help::LONG, after_long_help = help::STATUS)]
#[command(after_help = "`--help` has more: examples, the exit statuses, and the way from a declaration to a deploy")]
struct Line {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    manner: Manner,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the migrations that are missing, and their snapshots
    #[command(after_long_help = help::GENERATE)]
    Generate {
        #[command(flatten)]
        which: Which,
        /// Which part of a change
        #[arg(long, value_enum, default_value_t)]
        phase: Phase,
        /// With `--phase contract`: only this workflow, by its label; all that wait by default
        #[arg(long, value_name = "LABEL")]
        workflow: Option<String>,
        /// Show what would be written, and write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Say whether a migration is missing or a generated file was edited; for continuous integration
    #[command(after_long_help = help::CHECK)]
    Check {
        #[command(flatten)]
        which: Which,
        /// Also: what is new here comes after everything that this revision has
        #[arg(long, value_name = "REV")]
        base: Option<String>,
    },
    /// Say whether the binary of another revision can run beside this one
    #[command(after_long_help = help::COMPAT)]
    Compat {
        #[command(flatten)]
        which: Which,
        /// The revision whose binaries may still run
        #[arg(long, value_name = "REV")]
        base: String,
    },
    /// After a merge: generate this branch's own migrations anew, above the other branch's
    #[command(after_long_help = help::REBASE)]
    Rebase {
        #[command(flatten)]
        which: Which,
        /// The branch onto which this one comes
        #[arg(long, value_name = "REV")]
        base: String,
    },
    /// Apply the migrations to a database in use: with lock time-outs and retries, beside other processes
    #[command(after_long_help = help::APPLY)]
    Apply(apply::Apply),
    /// Say where a live database is not what was migrated; only reads
    #[command(after_long_help = help::DRIFT)]
    Drift(database::Database),
    /// Count a live database's rows a state and jobs a name, and what a change would meet; only reads
    #[command(after_long_help = help::CENSUS)]
    Census(database::Database),
    /// Show how a running workflow does: its states with their ages, and its jobs; only reads
    #[command(after_long_help = help::STATUS_OF)]
    Status(status::Options),
    /// Show the steps of one instance; only reads
    #[command(after_long_help = help::HISTORY)]
    History(database::Instance),
    /// Say why an instance is where it is: what could happen, and what is in the way; only reads
    #[command(after_long_help = help::WHY)]
    Why(why::Options),
    /// Replay history against rows and jobs, and say what does not fit; only reads
    #[command(after_long_help = help::VERIFY_DATA)]
    VerifyData(verify_data::Options),
    /// Set jobs going that were given up
    #[command(after_long_help = help::RELEASE)]
    Release(release::Release),
    /// Try a job at once that has failed and waits for its next attempt
    #[command(after_long_help = help::RETRY)]
    Retry(release::Retry),
    /// Try the migrations on databases that are thrown away: there, back, and there again, with the locks that they take
    #[command(after_long_help = help::VERIFY)]
    Verify(verify::Verify),
    /// Draw each workflow into `docs/<label>.svg`, where rustdoc finds it
    #[command(after_long_help = help::DIAGRAM)]
    Diagram(diagram::Options),
    /// Say what each statement of a migration locks, who waits for it and for how long
    #[command(after_long_help = help::EXPLAIN)]
    Explain {
        /// Migration files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Write the completions of a shell
    #[command(after_long_help = help::COMPLETIONS)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// A part of a change.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Phase {
    /// Comes with a release: the version before goes on working
    #[default]
    Expand,
    /// Comes with a later one, when no binary of the version before runs any more
    Contract,
}

impl From<Phase> for Step {
    fn from(phase: Phase) -> Step {
        match phase {
            Phase::Expand => Step::Expand,
            Phase::Contract => Step::Contract,
        }
    }
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

/// How it is said.
#[derive(Debug, Args)]
struct Manner {
    /// How results, errors and notes are written
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t)]
    format: say::Format,
    /// When there are colours; `auto` heeds NO_COLOR
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    color: ColorChoice,
}

fn main() -> ExitCode {
    let exit = match read(arguments(std::env::args_os())) {
        Ok(line) => run(line),
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

fn run(line: Line) -> Exit {
    say::as_asked(line.manner.format, line.manner.color);
    match line.command {
        Command::Generate { phase: Phase::Expand, workflow: Some(_), .. } => {
            misused("`--workflow` goes with `--phase contract`: an expand phase is generated for every workflow that has changed")
        }
        Command::Generate { which, phase, workflow, dry_run } => {
            generate::run(&which, phase.into(), workflow.as_deref(), dry_run)
        }
        Command::Check { which, base } => check::run(&which, base.as_deref()),
        Command::Compat { which, base } => compat::run(&which, &base),
        Command::Rebase { which, base } => rebase::run(&which, &base),
        Command::Apply(apply) => apply::run(&apply),
        Command::Drift(database) => drift::run(&database),
        Command::Census(database) => census::run(&database),
        Command::Status(options) => status::run(&options),
        Command::History(instance) => history::run(&instance),
        Command::Why(options) => why::run(&options),
        Command::VerifyData(options) => verify_data::run(&options),
        Command::Release(line) => release::run(&line),
        Command::Retry(line) => release::again(&line),
        Command::Verify(verify) => verify::run(&verify),
        Command::Diagram(options) => diagram::run(&options),
        Command::Explain { files } => explain::run(&files),
        Command::Completions { shell } => completions::run(shell, Line::command()),
    }
}

/// What clap itself cannot tell.
fn misused(message: &str) -> Exit {
    // Nothing can be done when the terminal is gone.
    let _ = Line::command().error(clap::error::ErrorKind::ArgumentConflict, message).print();
    Exit::Usage
}

fn read(arguments: Vec<OsString>) -> Result<Line, clap::Error> {
    let line = Line::command().color(colour(&arguments));
    Line::from_arg_matches(&line.try_get_matches_from(arguments)?)
}

/// Help and complaints about the line have to know it before the line is read.
fn colour(arguments: &[OsString]) -> ColorChoice {
    let mut texts = arguments.iter().filter_map(|argument| argument.to_str());
    let wish = texts.by_ref().find_map(|text| text.strip_prefix("--color"));
    let value = wish.and_then(|wish| wish.strip_prefix('=').or_else(|| texts.next()));
    value.and_then(|value| ColorChoice::from_str(value, false).ok()).unwrap_or_default()
}

/// Cargo calls `cargo-workflow workflow …`; called by hand it is `cargo-workflow …`.
fn arguments(mut all: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let program = all.next();
    let mut rest = all.peekable();
    rest.next_if(|first| first == "workflow");
    program.into_iter().chain(rest).collect()
}
