//! A PostgreSQL server of our own, over the programs installed on this machine.
//!
//! ```text
//! /tmp/workflow-pg-<uid>/      ours alone: its owner is checked; or in /dev/shm       base.rs
//!   template-<hash>/           what `initdb` made, copied for each server             data.rs
//!   run-<pid>-<n>/             a server: locked as long as its process lives          folder.rs
//!     log                      what PostgreSQL said
//!     data/                    locked as long as any process of the server lives      postmaster.rs
//!     socket/                  mode 0700: the only way in, so no password is needed
//!   kept-<name>/               the same, of a server whose data outlives it
//! ```
//!
//! **Each process has its own server.** A server shared by processes would die with the one that
//! started it, under the feet of the others; a copy of the template makes one of its own as quick.
//!
//! **A lock says who lives, a process id does not**, for ids are used again. The owner holds a lock on
//! the folder of its server and PostgreSQL's processes inherit one on `data`; the kernel gives both
//! back however they die. So the next start can tell which folders nobody needs, and sweep them.

mod account;
mod base;
mod binaries;
mod data;
mod database;
mod error;
mod folder;
mod pooler;
mod postmaster;
mod server;
pub(crate) mod url;

pub use database::Database;
pub use error::Error;
pub use pooler::Pooler;
pub use server::{Server, ServerBuilder};

use account::Account;
use base::Base;
use binaries::Binaries;

/// What every server of this process needs: the programs, who runs them, and where.
#[derive(Debug, Clone)]
struct Installation {
    binaries: Binaries,
    account: Account,
    base: Base,
}

impl Installation {
    fn find(base: Base) -> Result<Installation, Error> {
        let binaries = Binaries::find()?;
        let account = Account::choose()?;
        Ok(Installation { binaries, account, base })
    }
}
