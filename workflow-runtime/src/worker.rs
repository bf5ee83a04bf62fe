//! The worker: carries out activities and tasks, and fires timers that are due.
//!
//! A job is a row that a transition wrote in its own transaction. Any number of processes look for those that are due; whoever
//! claims one has it for a lease, by the database's clock. A worker that dies leaves nothing behind but a lease that runs out; one
//! that stalls and wakes later than that finds its job in another attempt, and can write nothing through this crate.

mod attempt;
mod batch;
mod claim;
mod creation;
mod due;
mod hint;
mod join;
mod lane;
mod limit;
mod load;
mod parked;
mod policy;
mod record;
mod recurring;
mod round;
mod schedule;
mod schedules;
mod settings;
mod soonest;
mod statements;
mod tick;
mod together;

pub use parked::Parked;
pub use policy::JobError;
pub use schedule::{Schedule, ScheduleError};
pub use settings::{Claims, WorkerSettings};
pub use tick::Tick;

pub(crate) use hint::Hint;

use crate::runtime::Runtime;
use crate::workflow::{Create, Perform};
use lane::{Lane, Workable};
use limit::Limits;
use parked::OnParked;
use recurring::Recurring;
use round::Rounds;
use schedules::Schedules;
use std::sync::Arc;
use std::time::Duration;

/// Carries out the jobs of workflows, in any number of processes without a leader.
///
/// ```no_run
#[doc = include_str!("doc/order.txt")]
/// # async fn example(shop: Runtime<Shop>, stop: tokio::sync::oneshot::Receiver<()>) {
/// use workflow_runtime::Worker;
/// Worker::new(shop).serving::<Order>().run(async { stop.await.unwrap_or_default() }).await;
/// # }
/// ```
#[must_use = "a worker does nothing before `run`"]
pub struct Worker<A> {
    runtime: Runtime<A>,
    settings: WorkerSettings,
    limits: Limits,
    on_parked: OnParked,
    lanes: Vec<(&'static str, Build<A>)>,
    schedules: Schedules,
}

/// A workflow's lane, once all settings are known.
type Build<A> = fn(&Runtime<A>, &WorkerSettings, &Limits, &OnParked) -> Arc<dyn Workable>;

impl<A> std::fmt::Debug for Worker<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lanes: Vec<_> = self.lanes.iter().map(|(label, _)| label).collect();
        let schedules: Vec<_> = self.schedules.names().collect();
        f.debug_struct("Worker")
            .field("settings", &self.settings)
            .field("serving", &lanes)
            .field("schedules", &schedules)
            .finish_non_exhaustive()
    }
}

impl<A: Send + Sync + 'static> Worker<A> {
    /// A worker with the default settings.
    pub fn new(runtime: Runtime<A>) -> Self {
        Worker::with(runtime, WorkerSettings::default())
    }

    /// The same with other settings.
    pub fn with(runtime: Runtime<A>, settings: WorkerSettings) -> Self {
        let (limits, on_parked, schedules) = (Limits::default(), OnParked::default(), Schedules::default());
        Worker { runtime, settings, limits, on_parked, lanes: Vec::new(), schedules }
    }

    /// At most so many attempts of a job at the same time in this process. The name is an activity's or a task's, in every workflow that
    /// has one of that name.
    pub fn limit(mut self, job: &str, at_once: usize) -> Self {
        self.limits.at_once(job, at_once);
        self
    }

    /// At most so many attempts of a job within this time, in this process: `rate("send_mail", 100, Duration::from_secs(60))`. After
    /// a pause all of them may begin at once, while the next ones become due one by one; so in the worst case twice as many begin
    /// within such a time. Names are as in [`limit`](Self::limit).
    pub fn rate(mut self, job: &str, attempts: u32, within: Duration) -> Self {
        self.limits.rate(job, attempts, within);
        self
    }

    /// Calls this for each job that is parked, after that was written: nobody tries it any more until it is released. It is called where
    /// attempts are carried out, so it should not block; what it does may be lost when the process dies in between, and
    /// `cargo workflow status` has the list.
    pub fn on_parked(mut self, call: impl Fn(&Parked) + Send + Sync + 'static) -> Self {
        self.on_parked = OnParked::call(call);
        self
    }

    /// The jobs of a workflow. Those of other workflows, and those that this binary does not know, are left to others.
    pub fn serving<W: Perform<A>>(mut self) -> Self {
        let build: Build<A> = |runtime, settings, limits, parked| {
            Arc::new(Lane::<A, W>::new(runtime.clone(), settings.clone(), limits.clone(), parked.clone()))
        };
        self.lanes.push((W::MODEL.name, build));
        self
    }

    /// Creates an instance at each tick of a schedule: once a tick, however many workers have a schedule of that name. The creation's effect
    /// and what the database remembers of the tick are one transaction.
    ///
    /// When a name is seen for the first time, it begins with the next tick. Of ticks that were missed, since no worker ran, the latest one
    /// is made, or each with [`Schedule::catching_up`]. A tick that fails is tried again, ever later, up to an hour or two apart; it holds
    /// up nothing but the later ticks of its schedule.
    ///
    /// Where two processes have different expressions under one name, the ticks of both are made.
    ///
    /// ```no_run
    #[doc = include_str!("doc/order.txt")]
    /// # async fn example(shop: Runtime<Shop>, stop: tokio::sync::oneshot::Receiver<()>) -> Result<(), workflow_runtime::ScheduleError> {
    /// use workflow_runtime::{Schedule, Tick, Worker};
    /// Worker::new(shop)
    ///     .serving::<Order>()
    ///     .schedule(Schedule::new("daily-tea", "0 6 * * *")?, |tick: &Tick| order::New { id: tick.id(), sku: "tea".into() })
    ///     .run(async { stop.await.unwrap_or_default() })
    ///     .await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn schedule<N: Create<A>>(mut self, schedule: Schedule, creates: impl Fn(&Tick) -> N + Send + Sync + 'static) -> Self {
        let recurring = Recurring::new(self.runtime.clone(), schedule, creates, self.settings.time_out);
        self.schedules.add(Arc::new(recurring));
        self
    }

    /// Works until `shutdown` is done. Then nothing more is claimed; what is under way may go on for
    /// [`grace`](WorkerSettings::grace), and what is not ready by then is cut off and given back.
    ///
    /// A database that cannot be reached ends nothing: the worker looks for it again and again.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        self.rounds().until(shutdown).await;
    }

    /// Works until nothing is due and nothing is under way, for tests and for a job of a scheduler's. What is due later, also what
    /// has failed and is tried again later, is left where it is.
    ///
    /// # Errors
    ///
    /// When the database cannot be asked what is due, or a claim fails. What was under way has come to its end.
    pub async fn until_idle(self) -> Result<(), sqlx::Error> {
        self.rounds().until_idle().await
    }

    fn rounds(self) -> Rounds<A> {
        if self.lanes.is_empty() && self.schedules.is_empty() {
            tracing::warn!("this worker serves no workflow and does nothing: name them by `serving::<Order>()`");
        }
        let build = |build: &Build<A>| build(&self.runtime, &self.settings, &self.limits, &self.on_parked);
        let lanes = self.lanes.iter().map(|(_, lane)| build(lane)).collect();
        Rounds::new(self.runtime, self.settings, lanes, self.schedules)
    }
}
