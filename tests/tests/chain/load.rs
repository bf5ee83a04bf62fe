//! What users do all day: tasks of one program that create instances, move them, change them and read them.

use super::binary::{Answer, Binary, Seen};
use super::random::Random;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;
use workflow_model::{Edge, Model, StateKind};

/// How many tasks a program has.
const TASKS: usize = 4;

/// So many instances are on the way at most; then creation waits for some to end.
const CROWD: usize = 120;

/// The instances that everybody moves.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    ids: Mutex<Vec<Uuid>>,
    /// The events that an `if sql` may block, in any version that has been declared.
    guarded: Mutex<BTreeSet<String>>,
}

impl Crowd {
    fn one(&self, random: &mut Random) -> Option<Uuid> {
        random.pick(&self.ids.lock().expect("ids")).copied()
    }

    fn add(&self, id: Uuid) {
        self.ids.lock().expect("ids").push(id);
    }

    fn forget(&self, id: Uuid) {
        self.ids.lock().expect("ids").retain(|other| *other != id);
    }

    /// From now on the guards of this version may say no, to older programs too.
    pub(crate) fn declare(&self, model: &Model) {
        let guarded = model.transitions.iter().filter(|line| line.guard.is_some()).map(|line| line.event.label.clone());
        self.guarded.lock().expect("events").extend(guarded);
    }

    fn is_guarded(&self, event: &str) -> bool {
        self.guarded.lock().expect("events").contains(event)
    }

    fn size(&self) -> usize {
        self.ids.lock().expect("ids").len()
    }
}

/// What a load has done, and met.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Transitions, creations and plain changes that were answered with success.
    pub(crate) done: u64,
    /// Transitions alone, by the event's label.
    pub(crate) events: BTreeMap<String, u64>,
    /// Somebody else was faster.
    pub(crate) conflicts: u64,
    /// An `if sql` said no.
    pub(crate) blocked: u64,
    /// Rows in states that the program does not know, which it loaded, and which it tried to move and was refused.
    pub(crate) strange: u64,
    /// The longest that a call took.
    pub(crate) longest: Duration,
    /// What must not be.
    pub(crate) failures: Vec<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Tally) {
        self.done += other.done;
        self.conflicts += other.conflicts;
        self.blocked += other.blocked;
        self.strange += other.strange;
        self.longest = self.longest.max(other.longest);
        self.failures.extend(other.failures);
        for (event, n) in other.events {
            *self.events.entry(event).or_default() += n;
        }
    }
}

/// Tasks at work.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    tasks: JoinSet<Tally>,
    done: watch::Sender<u64>,
}

impl Load {
    pub(crate) fn start(binary: &Arc<dyn Binary>, crowd: &Arc<Crowd>, seed: u64) -> Load {
        let (stop, done) = (Arc::new(AtomicBool::new(false)), watch::Sender::new(0));
        let mut tasks = JoinSet::new();
        for task in 0..TASKS as u64 {
            let user = User {
                binary: binary.clone(),
                crowd: crowd.clone(),
                random: Random(seed.wrapping_mul(31).wrapping_add(task)),
                tally: Tally::default(),
            };
            tasks.spawn(user.work(stop.clone(), done.clone()));
        }
        Load { stop, tasks, done }
    }

    /// Comes back when so much more was done, counted from the call and not from the first poll.
    pub(crate) fn does(&self, more: u64) -> impl Future<Output = ()> + use<> {
        let mut done = self.done.subscribe();
        let goal = *done.borrow() + more;
        async move {
            // Tasks that end early, since they have found a failure, count as done.
            done.wait_for(|done| *done >= goal).await.expect("a task is at work");
        }
    }

    pub(crate) async fn stop(mut self) -> Tally {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Tally::default();
        while let Some(tally) = self.tasks.join_next().await {
            all.add(tally.expect("a task"));
        }
        all
    }
}

struct User {
    binary: Arc<dyn Binary>,
    crowd: Arc<Crowd>,
    random: Random,
    tally: Tally,
}

impl User {
    async fn work(mut self, stop: Arc<AtomicBool>, done: watch::Sender<u64>) -> Tally {
        while !stop.load(Ordering::Relaxed) {
            let before = self.tally.done;
            self.act().await;
            if self.tally.failures.len() > 3 {
                // Nobody waits for ever; what was found is told at the end.
                done.send_modify(|n| *n = u64::MAX / 2);
                break;
            }
            done.send_modify(|n| *n += self.tally.done - before);
        }
        self.tally
    }

    async fn act(&mut self) {
        match self.random.below(20) {
            0 | 1 if self.crowd.size() < CROWD => self.create().await,
            2 => self.change().await,
            3 | 4 => self.look_around().await,
            _ => match self.crowd.one(&mut self.random) {
                Some(id) => self.move_on(id).await,
                None => self.create().await,
            },
        }
    }

    fn fail(&mut self, what: impl std::fmt::Display) {
        self.tally.failures.push(format!("{}: {what}", self.binary.name()));
    }

    /// Who waits for whom, and how long: what a user would notice.
    async fn timed<T>(&mut self, call: impl Future<Output = T>) -> T {
        let start = Instant::now();
        let answer = call.await;
        self.tally.longest = self.tally.longest.max(start.elapsed());
        answer
    }

    async fn create(&mut self) {
        let binary = self.binary.clone();
        let (id, new) = self.random.new_instance(binary.model());
        match self.timed(binary.create(new)).await {
            Answer::Moved => {
                self.tally.done += 1;
                self.crowd.add(id);
            }
            Answer::Failed(why) => self.fail(format!("create: {why}")),
            other => self.fail(format!("create: {other:?}")),
        }
    }

    async fn move_on(&mut self, id: Uuid) {
        let binary = self.binary.clone();
        let model = binary.model();
        let seen = match self.timed(binary.load(id)).await {
            Ok(Some(seen)) => seen,
            other => return self.fail(format!("load: {other:?}")),
        };
        let possible = from(model, &seen);
        let Some(edge) = self.random.pick(&possible).copied() else {
            return self.stuck(id, seen).await;
        };
        let event = &edge.transition.event.label;
        let payload = self.random.payload(model, event);
        let in_transaction = self.random.once_in(4);
        let answer = self.timed(binary.fire(id, event, payload, in_transaction)).await;
        match answer {
            Answer::Moved => {
                self.tally.done += 1;
                *self.tally.events.entry(event.clone()).or_default() += 1;
            }
            // Only another step can be in the way, and a step makes a version.
            Answer::Conflict(actual) if actual.version > seen.version => self.tally.conflicts += 1,
            Answer::Blocked if self.crowd.is_guarded(event) => self.tally.blocked += 1,
            other => self.fail(format!("{event} of {seen:?}: {other:?}")),
        }
    }

    /// It has ended, or is in a state that this program does not know: it can do nothing to it, and learns that.
    async fn stuck(&mut self, id: Uuid, seen: Seen) {
        let binary = self.binary.clone();
        let model = binary.model();
        let event = self.random.pick(&model.events()).map(|line| line.event.label.clone()).expect("an event");
        let payload = self.random.payload(model, &event);
        match self.timed(binary.fire(id, &event, payload, false)).await {
            Answer::Conflict(actual) if actual.version >= seen.version => {}
            // Another program has brought it back meanwhile.
            Answer::Moved | Answer::Blocked if !seen.known => {}
            other => self.fail(format!("{event} of {seen:?}, which can do nothing: {other:?}")),
        }
        let ended = model.states.iter().any(|s| s.name.label == seen.label && s.kind == StateKind::Final);
        if !seen.known {
            self.tally.strange += 1;
        } else if ended && (self.crowd.size() >= CROWD || self.random.once_in(4)) {
            self.crowd.forget(id);
        }
    }

    /// A common field, without a transition: the application's own UPDATE.
    async fn change(&mut self) {
        let binary = self.binary.clone();
        let model = binary.model();
        let Some(id) = self.crowd.one(&mut self.random) else { return };
        let fields: Vec<_> = model.fields.iter().skip(1).collect();
        let Some(field) = self.random.pick(&fields) else { return };
        let value = self.random.value(&field.ty, field.unique);
        let column = workflow_model::names::quoted(&field.name.label);
        let key = workflow_model::names::quoted(&model.fields[0].name.label);
        let ty = field.ty.sql().expect("a type");
        let statement = format!("UPDATE {} SET {column} = ($2::jsonb #>> '{{}}')::{ty} WHERE {key} = $1", model.table());
        let changed = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(id).bind(value);
        match self.timed(changed.execute(binary.pool())).await {
            Ok(done) if done.rows_affected() == 1 => self.tally.done += 1,
            other => self.fail(format!("change of {column}: {other:?}")),
        }
    }

    /// Lists and histories are read as long as the program runs.
    async fn look_around(&mut self) {
        let binary = self.binary.clone();
        let Some(id) = self.crowd.one(&mut self.random) else { return };
        match self.timed(binary.history(id)).await {
            Ok(steps) if steps > 0 => {}
            other => self.fail(format!("history: {other:?}")),
        }
        if let Err(error) = self.timed(binary.find(id, 10)).await {
            self.fail(error);
        }
    }
}

/// The arrows that a program can take from where it sees an instance.
fn from<'m>(model: &'m Model, seen: &Seen) -> Vec<Edge<'m>> {
    if !seen.known {
        return Vec::new();
    }
    model.edges().into_iter().filter(|edge| edge.from.labels().any(|label| label == seen.label)).collect()
}
