//! Other libraries that do the same work, each a program of its own under `benches/peers`: they need different versions of sqlx.

pub(crate) mod build;
pub(crate) mod gate;
pub(crate) mod kill;
pub(crate) mod run;

use std::fmt;
use std::path::PathBuf;

#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
}

/// Who moves the orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Caller,
    Worker,
}

/// As its README shows it, or tuned as its documentation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Configuration {
    Default,
    Best,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) mode: Mode,
    pub(crate) configuration: Configuration,
}

pub(crate) const WAYS: [Way; 4] = [
    Way { mode: Mode::Caller, configuration: Configuration::Default },
    Way { mode: Mode::Caller, configuration: Configuration::Best },
    Way { mode: Mode::Worker, configuration: Configuration::Default },
    Way { mode: Mode::Worker, configuration: Configuration::Best },
];

impl Peer {
    pub(crate) const OURS: &str = "workflow";

    pub(crate) fn is_ours(&self) -> bool {
        self.name == Peer::OURS
    }

    /// Where its orders are. Ours has a table for each mode, for what workers do is declared there.
    pub(crate) fn table(&self, mode: Mode) -> &'static str {
        if self.is_ours() && mode == Mode::Worker { "parcels" } else { "orders" }
    }
}

impl Mode {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mode::Caller => "caller",
            Mode::Worker => "worker",
        }
    }
}

impl Configuration {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Configuration::Default => "default",
            Configuration::Best => "best",
        }
    }
}

/// `caller, best`
impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.mode.name(), self.configuration.name())
    }
}
