//! Known bugs, for the project's own proof that its tests find them. Never enable this: whoever does may lose data.
//!
//! It is there with the feature `__planted` only, and then `WORKFLOW_PLANTED=<name>` plants one bug in the process. Each stands where the
//! runtime does the right thing, as one line with `planted!`; those in statements that the macro wrote are made where every statement
//! goes out (`statements.rs`). A statement that a bug should change and cannot is the end of the process: a bug that is not planted any
//! more must not pass for one that was not found.

mod statements;

pub(crate) use statements::rewritten;

use crate::call::Call;
use crate::error::Error;
use crate::fire::Fired;
use crate::reach::Reached;
use crate::runtime::Runtime;
use crate::workflow::{Event, Fire};
use sqlx::PgConnection;
use sqlx::postgres::PgRow;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A bug that can be planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// A job is ended, and what follows from that is written, although it is another attempt's.
    NoFencing,
    /// The job is looked for by EXISTS, in the view that the statement had before it waited.
    FenceByExists,
    /// The job is taken before its instance is locked.
    JobBeforeInstance,
    /// After a lost answer everything is made again, and no statement asks whether its key is done.
    NoKeyLookUp,
    /// After a lost COMMIT history is asked without waiting for the row's lock.
    LookUpWithoutLock,
    /// After the lost answer of a single statement history is asked, and the statement is not sent again.
    LookUpOnly,
    /// A key is looked for by NOT EXISTS, and not by a function that takes a fresh snapshot.
    OnceByNotExists,
    /// BEGIN is sent by whoever may be dropped.
    PlainBegin,
    /// COMMIT without the probe.
    PlainCommit,
    /// An effect is lent another connection, which commits by itself.
    EffectOutside,
    /// The lease begins by the clock of a machine that is an hour behind.
    LeaseByClient,
}

/// What the environment says. Without a word no bug is planted; a name that is none ends the process.
static PLANTED: LazyLock<Option<Bug>> = LazyLock::new(|| {
    let name = std::env::var("WORKFLOW_PLANTED").ok()?;
    let bug = Bug::ALL.into_iter().find(|bug| bug.name() == name);
    Some(bug.unwrap_or_else(|| abort(&format!("WORKFLOW_PLANTED: there is no bug called {name}"))))
});

/// How often it struck.
static STRUCK: AtomicUsize = AtomicUsize::new(0);

impl Bug {
    /// Each of them.
    pub const ALL: [Bug; 11] = [
        Bug::NoFencing,
        Bug::FenceByExists,
        Bug::JobBeforeInstance,
        Bug::NoKeyLookUp,
        Bug::LookUpWithoutLock,
        Bug::LookUpOnly,
        Bug::OnceByNotExists,
        Bug::PlainBegin,
        Bug::PlainCommit,
        Bug::EffectOutside,
        Bug::LeaseByClient,
    ];

    /// As it is called in `WORKFLOW_PLANTED`.
    pub fn name(self) -> &'static str {
        match self {
            Bug::NoFencing => "no-fencing",
            Bug::FenceByExists => "fence-by-exists",
            Bug::JobBeforeInstance => "job-before-instance",
            Bug::NoKeyLookUp => "no-key-look-up",
            Bug::LookUpWithoutLock => "look-up-without-lock",
            Bug::LookUpOnly => "look-up-only",
            Bug::OnceByNotExists => "once-by-not-exists",
            Bug::PlainBegin => "plain-begin",
            Bug::PlainCommit => "plain-commit",
            Bug::EffectOutside => "effect-outside",
            Bug::LeaseByClient => "lease-by-client",
        }
    }

    /// The source in which it strikes.
    pub fn place(self) -> &'static str {
        match self {
            Bug::NoFencing | Bug::FenceByExists | Bug::JobBeforeInstance => "fence.sql, the macro's outcomes",
            Bug::NoKeyLookUp => "outcome.rs, the macro's condition",
            Bug::LookUpWithoutLock => "outcome.rs",
            Bug::LookUpOnly => "fire.rs",
            Bug::OnceByNotExists => "the macro's condition",
            Bug::PlainBegin | Bug::PlainCommit => "commit.rs",
            Bug::EffectOutside => "call.rs",
            Bug::LeaseByClient => "claim.sql",
        }
    }
}

/// The bug of this process.
pub fn planted() -> Option<Bug> {
    *PLANTED
}

/// How often the bug of this process did its harm so far. A scenario in which it never did proves nothing.
pub fn struck() -> usize {
    STRUCK.load(Ordering::Relaxed)
}

/// Whether this bug is the one that is planted; then it is counted.
pub(crate) fn strikes(bug: Bug) -> bool {
    let strikes = planted() == Some(bug);
    STRUCK.fetch_add(usize::from(strikes), Ordering::Relaxed);
    strikes
}

/// A panic might end one task only, and look like what a test is about.
fn abort(why: &str) -> ! {
    eprintln!("{why}");
    std::process::abort()
}

impl<A: Send + Sync + 'static> Runtime<A> {
    /// [`Bug::LookUpOnly`].
    pub(crate) async fn look_only<E: Fire<A>>(
        &self,
        call: &Call<'_, E>,
        lost: sqlx::Error,
    ) -> Result<Fired<E::To>, Error<E::Workflow>> {
        let mut reached = Reached::of(self.pool().into()).await?;
        let look = call.look(&mut reached).await?.filter(|look| look.made(call.key).is_some());
        let step = look.and_then(|look| look.step).ok_or(lost)?;
        Ok(Fired::Before(Box::new(step)))
    }
}

impl<E: Event> Call<'_, E> {
    /// [`Bug::EffectOutside`].
    pub(crate) async fn effect_outside<A: Send + Sync + 'static>(
        &self,
        app: &A,
        connection: &mut PgConnection,
        row: PgRow,
    ) -> Result<PgRow, Error<E::Workflow>>
    where
        E: Fire<A>,
    {
        let runtime = Runtime::within(app, connection)?.runtime().clone();
        let mut outside = runtime.pool().acquire().await?;
        let done = self.event.effect(app, &mut outside, &row).await;
        done.map_err(|source| Error::Rejected { event: self.transition().event, source })?;
        Ok(row)
    }
}
