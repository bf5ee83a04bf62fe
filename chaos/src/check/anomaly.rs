//! What can be wrong.

use std::fmt;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anomaly {
    pub(crate) name: Name,
    pub(crate) instance: Uuid,
    /// The lines of the log, of history or of the data that do not agree.
    pub(crate) lines: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    /// A client was told of a transition that history does not have.
    LostAcknowledged,
    /// A client was told that nothing was written, and history has it.
    PhantomRefused,
    /// A client asked what became of a call, and was told wrongly.
    WrongResolved,
    /// A client was told of another version than history has.
    WrongVersion,
    /// One call, or one key, took effect twice.
    DoubledTransition,
    /// History has a transition that nobody was about to make.
    PhantomTransition,
    /// Versions with a gap, or steps that the declaration does not have.
    BrokenHistory,
    /// The row is not where history ends.
    StateDisagrees,
    /// An effect in the database took place twice.
    DoubledEffect,
    /// Entries, totals or parts are not what history says.
    DataDisagrees,
    /// What a step should have brought about did not happen, and nothing is left that would.
    LostJob,
    /// It is still to be done, after all the time that there was.
    UnfinishedJob,
    /// The partner was asked for what no step of history asks.
    PhantomDeed,
    /// A migration failed, or somebody felt it.
    BrokenMigration,
    /// A process ended by itself.
    CrashedProcess,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Name::LostAcknowledged => "lost-acknowledged",
            Name::PhantomRefused => "phantom-refused",
            Name::WrongResolved => "wrong-resolved",
            Name::WrongVersion => "wrong-version",
            Name::DoubledTransition => "doubled-transition",
            Name::PhantomTransition => "phantom-transition",
            Name::BrokenHistory => "broken-history",
            Name::StateDisagrees => "state-disagrees",
            Name::DoubledEffect => "doubled-effect",
            Name::DataDisagrees => "data-disagrees",
            Name::LostJob => "lost-job",
            Name::UnfinishedJob => "unfinished-job",
            Name::PhantomDeed => "phantom-deed",
            Name::BrokenMigration => "broken-migration",
            Name::CrashedProcess => "crashed-process",
        })
    }
}

impl Anomaly {
    pub(crate) fn new<T: fmt::Debug>(name: Name, instance: Uuid, lines: impl IntoIterator<Item = T>) -> Anomaly {
        Anomaly::of(name, instance, lines.into_iter().map(|line| format!("{line:?}")))
    }

    pub(crate) fn of(name: Name, instance: Uuid, lines: impl IntoIterator<Item = String>) -> Anomaly {
        Anomaly { name, instance, lines: lines.into_iter().collect() }
    }
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.name, self.instance)?;
        self.lines.iter().try_for_each(|line| writeln!(f, "    {line}"))
    }
}
