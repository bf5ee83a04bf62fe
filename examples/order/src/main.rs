//! `cargo run -p order`: starts a PostgreSQL server of its own, and shows what holds, whatever happens in between.

mod audit;
mod processes;
mod roles;
mod scenes;
mod stage;

use clap::{Parser, Subcommand};
use roles::{Service, Working};
use scenes::Failure;
use scenes::storm::Terms;
use stage::Stage;
use std::process::ExitCode;
use uuid::Uuid;

/// Orders, inventory, shipment, notification: one transaction a step, whatever happens in between.
#[derive(Parser)]
struct Arguments {
    /// How many orders the crowd places at the same time.
    #[arg(long, default_value_t = 2_000)]
    orders: u32,
    /// What chance follows in the storm; a new one each time if nothing is said.
    #[arg(long)]
    seed: Option<u32>,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// The storm alone, as long and as wild as is said.
    Storm(Terms),
    /// The process that is killed in the middle of a transition; it is started by the example itself, as those below are.
    #[command(hide = true)]
    Victim { url: String, id: Uuid },
    #[command(hide = true)]
    Courier(Service),
    #[command(hide = true)]
    Mail(Service),
    #[command(hide = true)]
    Worker(Working),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.role {
        None => play(arguments.orders, arguments.seed).await,
        Some(Role::Storm(terms)) => storm(&terms).await,
        Some(Role::Victim { url, id }) => scenes::crash::victim(&url, id).await,
        Some(Role::Courier(service)) => roles::courier(service).await,
        Some(Role::Mail(service)) => roles::mail(service).await,
        Some(Role::Worker(working)) => roles::worker(working).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

async fn play(orders: u32, seed: Option<u32>) -> Result<(), Failure> {
    let mut stage = Stage::set().await?;
    scenes::placed::play(&stage).await?;
    scenes::no_stock::play(&stage).await?;
    scenes::raw_sql::play(&stage).await?;
    scenes::race::play(&stage).await?;
    scenes::crash::play(&stage).await?;
    scenes::crowd::play(&stage, orders).await?;
    let outside = scenes::storm::play(&mut stage, &Terms::short(seed)).await?;
    audit::audit(&stage, &outside).await
}

async fn storm(terms: &Terms) -> Result<(), Failure> {
    let mut stage = Stage::set().await?;
    let outside = scenes::storm::play(&mut stage, terms).await?;
    audit::audit(&stage, &outside).await
}
