//! `cargo run -p order`: starts a PostgreSQL server of its own, and shows what holds, whatever happens in between.

mod audit;
mod scenes;
mod stage;

use clap::{Parser, Subcommand};
use scenes::Failure;
use stage::Stage;
use std::process::ExitCode;
use uuid::Uuid;

/// Orders, inventory, shipment, notification: one transaction a step, whatever happens in between.
#[derive(Parser)]
struct Arguments {
    /// How many orders the last scene carries out at the same time.
    #[arg(long, default_value_t = 2_000)]
    orders: u32,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// The process that is killed in the middle of a transition; it is started by the example itself.
    #[command(hide = true)]
    Victim { url: String, id: Uuid },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.role {
        Some(Role::Victim { url, id }) => scenes::crash::victim(&url, id).await,
        None => play(arguments.orders).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

async fn play(orders: u32) -> Result<(), Failure> {
    let stage = Stage::set().await?;
    scenes::placed::play(&stage).await?;
    scenes::no_stock::play(&stage).await?;
    scenes::raw_sql::play(&stage).await?;
    scenes::race::play(&stage).await?;
    scenes::crash::play(&stage).await?;
    scenes::crowd::play(&stage, orders).await?;
    audit::audit(&stage).await
}
