//! What goes wrong, how often, and how often at least.

mod clock;
mod commits;
mod crowd;
mod disk;
mod locks;
mod migrate;
mod processes;
mod server;
mod standby;
mod wires;

use crate::Failure;
use crate::site::Site;
use clap::ValueEnum;
use fastrand::Rng;
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Kind {
    /// SIGKILL of a process that fires.
    KillClient,
    /// SIGKILL of a process that performs.
    KillWorker,
    /// SIGSTOP of a worker for longer than its lease; it comes back late.
    StallWorker,
    /// SIGKILL of all of PostgreSQL's processes, and a restart.
    KillServer,
    /// A stop, as an operator stops it, and a restart.
    StopServer,
    /// SIGKILL of one of its sessions: PostgreSQL ends all of them, and recovers by itself.
    KillSession,
    /// A synchronous standby takes over after the primary was killed.
    Promote,
    /// No room on the disk of the server.
    FillDisk,
    /// The clock of a process leaps.
    LeapClock,
    /// `pg_terminate_backend` for many sessions at once.
    Terminate,
    /// A COMMIT that the server never hears of.
    LoseCommit,
    /// A COMMIT whose answer does not pass.
    LoseAnswer,
    /// A COMMIT that arrives when its sender has been cut off.
    DeliverLate,
    /// The same while nobody can connect, so that what arrives late is the first to arrive.
    DeliverFirst,
    /// Commits that are under way for long; their senders are cut off, and look.
    SlowCommit,
    /// Connections cut at any moment.
    Cut,
    /// Bytes that take their time, in small pieces.
    Crawl,
    /// Bytes that do not come any more, for a while.
    Stall,
    /// All connections taken.
    Exhaust,
    /// Instances locked by somebody else for longer than anybody waits.
    LockInstances,
    /// The application's rows, in the same way.
    LockRows,
    /// A workflow goes from one version to the next: no fault, but what must go well meanwhile.
    Migrate,
}

/// So often in an hour, in a run that is as long as one likes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) kind: Kind,
    pub(crate) an_hour: f64,
}

pub(crate) const ALL: [Plan; 22] = [
    plan(Kind::KillClient, 220.0),
    plan(Kind::KillWorker, 160.0),
    plan(Kind::StallWorker, 60.0),
    plan(Kind::KillServer, 70.0),
    plan(Kind::StopServer, 30.0),
    plan(Kind::KillSession, 40.0),
    plan(Kind::Promote, 12.0),
    plan(Kind::FillDisk, 20.0),
    plan(Kind::LeapClock, 60.0),
    plan(Kind::Terminate, 60.0),
    plan(Kind::LoseCommit, 80.0),
    plan(Kind::LoseAnswer, 80.0),
    plan(Kind::DeliverLate, 60.0),
    plan(Kind::DeliverFirst, 60.0),
    plan(Kind::SlowCommit, 60.0),
    plan(Kind::Cut, 80.0),
    plan(Kind::Crawl, 40.0),
    plan(Kind::Stall, 40.0),
    plan(Kind::Exhaust, 40.0),
    plan(Kind::LockInstances, 40.0),
    plan(Kind::LockRows, 40.0),
    plan(Kind::Migrate, 20.0),
];

/// Of these kinds, or of all when none is named.
pub(crate) fn plans(only: &[Kind], times: f64) -> Vec<Plan> {
    let chosen = ALL.into_iter().filter(|plan| only.is_empty() || only.contains(&plan.kind));
    chosen.map(|plan| Plan { an_hour: plan.an_hour * times, ..plan }).collect()
}

const fn plan(kind: Kind, an_hour: f64) -> Plan {
    Plan { kind, an_hour }
}

impl Kind {
    /// Why it cannot be played here, where it cannot.
    pub(crate) fn left_out(self, site: &Site) -> Option<&'static str> {
        match self {
            Kind::FillDisk if site.volume.is_none() => Some("only root may mount a disk"),
            Kind::LeapClock if clock::library().is_none() => Some("libfaketime is not installed"),
            _ => None,
        }
    }

    pub(crate) async fn strike(self, site: &Site, random: Rng) -> Result<(), Failure> {
        match self {
            Kind::KillClient => processes::kill_client(site, random).await,
            Kind::KillWorker => processes::kill_worker(site, random).await,
            Kind::StallWorker => processes::stall_worker(site, random).await,
            Kind::KillServer => server::kill(site, random).await,
            Kind::StopServer => server::stop(site, random).await,
            Kind::KillSession => server::kill_session(site, random).await,
            Kind::Promote => standby::promote(site, random).await,
            Kind::FillDisk => disk::fill(site, random).await,
            Kind::LeapClock => clock::leap(site, random).await,
            Kind::Terminate => server::terminate(site, random).await,
            Kind::LoseCommit => commits::lose(site),
            Kind::LoseAnswer => commits::lose_answer(site),
            Kind::DeliverLate => commits::deliver_late(site, random),
            Kind::DeliverFirst => commits::deliver_first(site, random).await,
            Kind::SlowCommit => commits::slow(site).await,
            Kind::Cut => wires::cut(site, random),
            Kind::Crawl => wires::crawl(site, random).await,
            Kind::Stall => wires::stall(site, random).await,
            Kind::Exhaust => crowd::exhaust(site, random).await,
            Kind::LockInstances => locks::hold(site, self, include_str!("sql/lock_instances.sql")).await,
            Kind::LockRows => locks::hold(site, self, include_str!("sql/lock_rows.sql")).await,
            Kind::Migrate => migrate::change(site, random).await,
        }
    }
}

/// Another fault has taken the server away: this one does not count.
fn away<T: Default>(_: sqlx::Error) -> Result<T, Failure> {
    Ok(T::default())
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::KillClient => "processes that fire, killed",
            Kind::KillWorker => "processes that perform, killed",
            Kind::StallWorker => "workers stopped for longer than a lease",
            Kind::KillServer => "PostgreSQL killed",
            Kind::StopServer => "PostgreSQL restarted",
            Kind::KillSession => "sessions of PostgreSQL killed, so that it recovers",
            Kind::Promote => "standbys promoted after the primary was killed",
            Kind::FillDisk => "disks full",
            Kind::LeapClock => "clocks that leap",
            Kind::Terminate => "storms of pg_terminate_backend",
            Kind::LoseCommit => "rounds of lost commits",
            Kind::LoseAnswer => "rounds of lost answers",
            Kind::DeliverLate => "rounds of late commits",
            Kind::DeliverFirst => "rounds of late commits while nobody can connect",
            Kind::SlowCommit => "rounds of slow commits",
            Kind::Cut => "cuts at any moment",
            Kind::Crawl => "bytes delayed and split",
            Kind::Stall => "connections stalled",
            Kind::Exhaust => "connections exhausted",
            Kind::LockInstances => "instances locked",
            Kind::LockRows => "the application's rows locked",
            Kind::Migrate => "workflows migrated, both phases",
        })
    }
}
