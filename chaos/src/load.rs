//! What is done all the time: the workflows, the application beside them, and how much of it there is.

pub(crate) mod bank;
#[expect(unreachable_pub, reason = "what the macro writes is public; a binary has nobody to show it to")]
pub(crate) mod workflow;

use clap::Args;

/// How much there is to do at once.
#[derive(Args, Debug, Clone)]
pub(crate) struct Load {
    /// Processes that fire
    #[arg(long, default_value_t = 4)]
    pub(crate) clients: usize,
    /// Tasks that fire at the same time, in each of them
    #[arg(long, default_value_t = 6)]
    pub(crate) tasks: usize,
    /// Processes that perform
    #[arg(long, default_value_t = 3)]
    pub(crate) workers: usize,
    /// Accounts that are moved; one that is closed is followed by a new one
    #[arg(long, default_value_t = 600)]
    pub(crate) accounts: usize,
    /// Accounts that are moved by one statement where an event goes to many
    #[arg(long, default_value_t = 20)]
    pub(crate) together: usize,
}
