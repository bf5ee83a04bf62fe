//! `cargo run --release -p chaos -- --minutes 60`: workflows under load, faults of every kind, and a checker that reads what is left.
//!
//! The exit status: 0 when nothing is wrong and each fault came as often as it should, 1 for anomalies, 2 for what was typed wrongly, 3 when
//! a fault was missing, 4 when the run itself broke off.

mod check;
mod client;
mod fault;
mod load;
mod log;
mod node;
mod partner;
mod report;
mod scenario;
mod scheduler;
mod site;
mod troupe;
mod volume;
mod wire;
mod worker;

use clap::{Parser, Subcommand};
use fault::Kind;
use load::Load;
use scenario::Scenario;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Faults of every kind under load, and a checker of what is left
#[derive(Parser)]
struct Arguments {
    /// For how long faults strike
    #[arg(long, default_value_t = 3.0)]
    minutes: f64,
    /// What chance follows; a new one each time if nothing is said. It decides which faults come when, not what happens first
    #[arg(long)]
    seed: Option<u64>,
    /// Where the table is written, as Markdown
    #[arg(long)]
    report: Option<PathBuf>,
    /// Only these kinds
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Kind>,
    /// So many times as often as in the long run
    #[arg(long, default_value_t = 1.0)]
    times: f64,
    #[command(flatten)]
    load: Load,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// A process that fires; it is started by the program itself, as the one below is.
    #[command(hide = true)]
    Client(client::Firing),
    #[command(hide = true)]
    Worker(worker::Working),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.role.is_none() {
        volume::alone();
    }
    run(arguments)
}

#[tokio::main]
async fn run(arguments: Arguments) -> ExitCode {
    let done = match arguments.role {
        None => play(arguments).await,
        Some(Role::Client(firing)) => client::fire(firing).await.map(|()| 0),
        Some(Role::Worker(working)) => worker::work(working).await.map(|()| 0),
    };
    done.map_or_else(
        |failure| {
            eprintln!("{failure}");
            ExitCode::from(4)
        },
        ExitCode::from,
    )
}

async fn play(arguments: Arguments) -> Result<u8, Failure> {
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    let lasting = Duration::from_secs_f64(arguments.minutes * 60.0);
    let faults = fault::plans(&arguments.only, arguments.times);
    let scenario = Scenario { load: arguments.load, faults, lasting, seed };
    let folder = std::env::temp_dir().join(format!("workflow-chaos-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    println!("{} minutes, seed {seed}, in {}", arguments.minutes, folder.display());
    let report = scheduler::play(&scenario, &folder).await?;
    let table = report.render(&scenario);
    println!("\n{table}");
    if let Some(path) = arguments.report {
        std::fs::write(path, &table)?;
    }
    if !report.anomalies.is_empty() {
        keep(&report, &folder)?;
        return Ok(1);
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(if report.missed(&scenario) { 3 } else { 0 })
}

/// The folder stays, with all that was found written down.
fn keep(report: &report::Report, folder: &Path) -> std::io::Result<()> {
    let all: String = report.anomalies.iter().map(ToString::to_string).collect();
    println!("the evidence is in {}", folder.display());
    std::fs::write(folder.join("anomalies"), all)
}
