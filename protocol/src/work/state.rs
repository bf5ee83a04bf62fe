//! The instance, its job, and what everybody is at.

use super::STAYS;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    /// Which stay it is; [`STAYS`] and more: it has left.
    pub(super) stay: u8,
    pub(super) job: Option<Job>,
    /// Who has locked the instance, and the job.
    pub(super) instance_lock: Option<Who>,
    pub(super) job_lock: Option<Who>,
    pub(super) workers: Vec<Worker>,
    pub(super) user: User,
    /// The stay of each outcome that was committed.
    pub(super) outcomes: Vec<u8>,
    /// The stays whose job a partner was asked to do, each under its key.
    pub(super) asked: Vec<u8>,
    /// An attempt has begun while another one had a lease.
    pub(super) doubled: bool,
    /// For what must be reached at times: an outcome met the fence.
    pub(super) fenced: bool,
    pub(super) lapses: u8,
    pub(super) deaths: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Job {
    pub(super) stay: u8,
    pub(super) attempt: u8,
    pub(super) leased: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Who {
    Worker(usize),
    User,
}

/// With the attempt that it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Worker {
    Idle,
    Working(Job),
    /// The partner has done it.
    Ready(Job),
    /// The outcome's statement has begun; whether the job was its own then.
    Begun(Job, bool),
    /// It has one lock, and wants the other.
    Half(Job, bool),
    /// It has both.
    Whole(Job, bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum User {
    Idle,
    Begun,
    /// It has the instance, and wants the jobs, which go with the state.
    Half,
    Done,
}

impl State {
    /// Whether the job is still this attempt's.
    pub(super) fn has(&self, of: Job) -> bool {
        self.job.is_some_and(|job| (job.stay, job.attempt) == (of.stay, of.attempt))
    }

    pub(super) fn enter(&mut self, stay: u8) {
        self.stay = stay;
        self.job = (stay < STAYS).then_some(Job { stay, attempt: 0, leased: false });
    }

    /// Nobody works at it any more.
    pub(super) fn is_orphaned(&self) -> bool {
        !self.workers.iter().any(|worker| match worker {
            Worker::Idle => false,
            Worker::Working(job) | Worker::Ready(job) => self.has(*job),
            Worker::Begun(job, _) | Worker::Half(job, _) | Worker::Whole(job, _) => self.has(*job),
        })
    }

    pub(super) fn claim(&mut self, number: usize) {
        let Some(job) = &mut self.job else { return };
        self.doubled |= job.leased;
        (job.attempt, job.leased) = (job.attempt + 1, true);
        self.workers[number] = Worker::Working(*job);
    }

    pub(super) fn work(&mut self, number: usize) {
        let Worker::Working(job) = self.workers[number] else { return };
        if !self.asked.contains(&job.stay) {
            self.asked.push(job.stay);
        }
        self.workers[number] = Worker::Ready(job);
    }

    pub(super) fn lapse(&mut self) {
        if !self.is_orphaned() {
            self.lapses -= 1;
        }
        if let Some(job) = &mut self.job {
            job.leased = false;
        }
    }

    /// What it had not committed is rolled back.
    pub(super) fn die(&mut self, number: usize) {
        self.deaths -= 1;
        self.workers[number] = Worker::Idle;
        self.unlock(Who::Worker(number));
    }

    pub(super) fn move_on(&mut self) {
        match self.user {
            User::Idle => self.user = User::Begun,
            User::Begun => (self.user, self.instance_lock) = (User::Half, Some(Who::User)),
            User::Half => {
                self.enter(STAYS);
                self.user = User::Done;
                self.unlock(Who::User);
            }
            User::Done => {}
        }
    }

    pub(super) fn unlock(&mut self, who: Who) {
        for lock in [&mut self.instance_lock, &mut self.job_lock] {
            if *lock == Some(who) {
                *lock = None;
            }
        }
    }
}
