//! Workers at the jobs of one instance, and a user who moves it.
//!
//! The outcome of the job leads the instance back to where it was, for a second stay with a job of its own: what a late worker writes
//! there would be seen. The user's transition ends everything.

mod state;

use crate::Bug;
use state::{Job, State, User, Who, Worker};
use stateright::{Model, Property};

/// The model.
#[derive(Debug, Clone)]
pub struct Work {
    /// What is done wrong, if anything.
    pub bug: Option<Bug>,
    /// How many workers there are.
    pub workers: usize,
    /// How often a lease may lapse while its attempt goes on.
    pub lapses: u8,
    /// How often a worker may die; another one takes its place.
    pub deaths: u8,
    /// Whether a user ends it all at some time.
    pub user: bool,
}

/// How often the instance stays where it has a job.
const STAYS: u8 = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Claim(usize),
    Work(usize),
    /// The outcome goes on by a step.
    Write(usize),
    Lapse,
    Die(usize),
    Move,
}

impl Model for Work {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            stay: 0,
            job: Some(Job { stay: 0, attempt: 0, leased: false }),
            instance_lock: None,
            job_lock: None,
            workers: vec![Worker::Idle; self.workers],
            user: if self.user { User::Idle } else { User::Done },
            outcomes: vec![],
            asked: vec![],
            doubled: false,
            fenced: false,
            lapses: self.lapses,
            deaths: self.deaths,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for (number, worker) in state.workers.iter().enumerate() {
            match worker {
                Worker::Idle if self.may_claim(state) => actions.push(Action::Claim(number)),
                Worker::Idle => {}
                Worker::Working(_) => actions.push(Action::Work(number)),
                Worker::Ready(_) | Worker::Whole(..) => actions.push(Action::Write(number)),
                Worker::Begun(..) if self.first(state).is_none() => actions.push(Action::Write(number)),
                Worker::Half(..) if self.second(state).is_none() => actions.push(Action::Write(number)),
                Worker::Begun(..) | Worker::Half(..) => {}
            }
            if state.deaths > 0 && *worker != Worker::Idle {
                actions.push(Action::Die(number));
            }
        }
        let free = match state.user {
            User::Idle => true,
            User::Begun => state.instance_lock.is_none(),
            User::Half => state.job_lock.is_none(),
            User::Done => false,
        };
        if free {
            actions.push(Action::Move);
        }
        if state.job.is_some_and(|job| job.leased) && (state.lapses > 0 || state.is_orphaned()) {
            actions.push(Action::Lapse);
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Claim(worker) => state.claim(worker),
            Action::Work(worker) => state.work(worker),
            Action::Write(worker) => self.write(&mut state, worker),
            Action::Lapse => state.lapse(),
            Action::Die(worker) => state.die(worker),
            Action::Move => state.move_on(),
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("the outcome of a job happens once", |_, state: &State| {
                (0..STAYS).all(|stay| state.outcomes.iter().filter(|made| **made == stay).count() <= 1)
            }),
            Property::always("what happens in a stay is the outcome of its own job", |_, state: &State| {
                state.outcomes.is_sorted() && state.outcomes.iter().enumerate().all(|(at, stay)| at == usize::from(*stay))
            }),
            Property::always("an outcome was worked for", |_, state: &State| {
                state.outcomes.iter().all(|stay| state.asked.contains(stay))
            }),
            Property::always("no attempt begins while another one has its lease", |_, state: &State| !state.doubled),
            Property::always("nobody waits in a circle", |model: &Self, state: &State| !model.is_deadlocked(state)),
            Property::always("a job is there until its state is left", |_, state: &State| {
                state.stay >= STAYS || state.job.is_some_and(|job| job.stay == state.stay)
            }),
            Property::eventually("every job comes to its end", |_, state: &State| state.stay >= STAYS),
            Property::sometimes("a late outcome meets the fence", |_, state: &State| state.fenced),
            Property::sometimes("all outcomes happen", |_, state: &State| state.outcomes.len() == usize::from(STAYS)),
        ]
    }
}

impl Work {
    /// By the database's clock nobody has it; by a worker's own, whoever's clock is ahead.
    fn may_claim(&self, state: &State) -> bool {
        let ahead = self.bug == Some(Bug::LeaseOnOwnClock);
        state.job_lock.is_none()
            && state.job.is_some_and(|job| (!job.leased || ahead) && job.attempt <= self.lapses + self.deaths)
    }

    /// Who has the lock that an outcome takes first.
    fn first(&self, state: &State) -> Option<Who> {
        if self.bug == Some(Bug::JobBeforeInstance) { state.job_lock } else { state.instance_lock }
    }

    fn second(&self, state: &State) -> Option<Who> {
        if self.bug == Some(Bug::JobBeforeInstance) { state.instance_lock } else { state.job_lock }
    }

    fn is_deadlocked(&self, state: &State) -> bool {
        let half = |number: &usize| matches!(state.workers[*number], Worker::Half(..));
        let mut halves = (0..state.workers.len()).filter(half).map(Who::Worker);
        state.user == User::Half && halves.any(|who| state.job_lock == Some(who) && state.instance_lock == Some(Who::User))
    }

    fn write(&self, state: &mut State, number: usize) {
        let me = Some(Who::Worker(number));
        state.workers[number] = match state.workers[number] {
            Worker::Ready(job) => Worker::Begun(job, state.has(job)),
            Worker::Begun(job, saw) if self.bug == Some(Bug::JobBeforeInstance) => {
                state.job_lock = me;
                Worker::Half(job, saw)
            }
            Worker::Begun(job, saw) => {
                state.instance_lock = me;
                Worker::Half(job, saw)
            }
            Worker::Half(job, saw) => {
                (state.instance_lock, state.job_lock) = (me, me);
                Worker::Whole(job, saw)
            }
            Worker::Whole(job, saw) => {
                self.end(state, job, saw);
                state.unlock(Who::Worker(number));
                Worker::Idle
            }
            other @ (Worker::Idle | Worker::Working(_)) => other,
        };
    }

    fn end(&self, state: &mut State, job: Job, saw: bool) {
        let is_mine = match self.bug {
            Some(Bug::NoFencing) => true,
            Some(Bug::FenceByExists) => saw,
            _ => state.has(job),
        };
        state.fenced |= !is_mine;
        if is_mine && state.stay < STAYS {
            state.outcomes.push(job.stay);
            state.enter(state.stay + 1);
        }
    }
}
