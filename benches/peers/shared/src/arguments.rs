//! What the measuring program says to a peer.

use clap::{Args, ValueEnum};

#[derive(clap::Parser)]
pub enum Arguments {
    /// Creates the tables and fills them.
    Setup(Asked),
    /// Moves all orders as far as they go, and says how long it took.
    Run(Asked),
}

#[derive(Args)]
pub struct Asked {
    #[arg(long)]
    pub url: String,
    #[arg(long, default_value = "caller")]
    pub mode: Mode,
    #[arg(long, default_value = "best")]
    pub configuration: Configuration,
    #[arg(long, default_value_t = 4_000)]
    pub orders: i64,
    #[arg(long, default_value_t = 8)]
    pub clients: u32,
}

/// Who moves the orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    Caller,
    Worker,
}

/// As the library's README shows it, or tuned as its documentation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Configuration {
    Default,
    Best,
}

impl Arguments {
    /// What is wrong with them is said, and ends the process.
    pub fn parse() -> Arguments {
        clap::Parser::parse()
    }
}

impl Asked {
    pub fn is_best(&self) -> bool {
        self.configuration == Configuration::Best
    }
}
