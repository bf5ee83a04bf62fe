//! What one statement does, while it is put together.

use crate::lock::{Lock, Mode, Wait};
use crate::name::same;
use crate::verdict::{Duration, Reason, Verdict};

/// What a statement, or a part of one, does. The first lock is of the relation that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Effect {
    pub(crate) locks: Vec<Lock>,
    pub(crate) duration: Duration,
    reasons: Vec<Reason>,
    /// Where the modes do not tell.
    waits: Option<Wait>,
    pub(crate) notes: Vec<String>,
}

impl Effect {
    /// No relation is locked.
    pub(crate) fn none() -> Effect {
        Effect { locks: Vec::new(), duration: Duration::Instant, reasons: Vec::new(), waits: None, notes: Vec::new() }
    }

    /// A lock for an instant.
    pub(crate) fn lock(relation: impl Into<String>, mode: Mode) -> Effect {
        Effect { locks: vec![Lock { relation: relation.into(), mode }], ..Effect::none() }
    }

    /// Something that this crate does not know: better a warning too many.
    pub(crate) fn unknown() -> Effect {
        Effect::none().lasting(Duration::Unknown).harmful(
            "what this kind of statement locks is not known to this command",
            "look it up in PostgreSQL's documentation, and try it with a `lock_timeout` on a copy",
        )
    }

    /// One more lock.
    pub(crate) fn and_lock(self, relation: impl Into<String>, mode: Mode) -> Effect {
        self.and(Effect::lock(relation, mode))
    }

    /// How long.
    pub(crate) fn lasting(self, duration: Duration) -> Effect {
        Effect { duration, ..self }
    }

    /// It is not safe: why, and what to do.
    pub(crate) fn harmful(self, why: impl Into<String>, instead: impl Into<String>) -> Effect {
        Effect { reasons: vec![Reason { why: why.into(), instead: instead.into() }], ..self }
    }

    /// Who waits, where the modes of its locks do not tell.
    pub(crate) fn waited_for_by(self, wait: Wait) -> Effect {
        Effect { waits: Some(wait), ..self }
    }

    /// What else is to be known.
    pub(crate) fn noting(mut self, note: impl Into<String>) -> Effect {
        self.notes.push(note.into());
        self
    }

    /// Its work is cut into short transactions.
    pub(crate) fn in_batches(self) -> Effect {
        let duration = if self.duration <= Duration::Unknown { Duration::Batches } else { self.duration };
        Effect { duration, ..self }
    }

    /// Both: each relation has its strongest lock.
    pub(crate) fn and(mut self, other: Effect) -> Effect {
        let waits = (self.waits.is_some() || other.waits.is_some()).then(|| self.wait().max(other.wait()));
        for lock in other.locks {
            match self.locks.iter_mut().find(|mine| mine.relation == lock.relation) {
                Some(mine) => mine.mode = mine.mode.max(lock.mode),
                None => self.locks.push(lock),
            }
        }
        add_new(&mut self.notes, other.notes);
        add_new(&mut self.reasons, other.reasons);
        Effect { duration: self.duration.max(other.duration), waits, ..self }
    }

    /// Without what happens to relations that the file itself creates: no other session knows them yet.
    pub(crate) fn without(mut self, created: &[String]) -> Effect {
        let is_created = |relation: &str| created.iter().any(|name| same(name, relation));
        let about = self.locks.first().is_some_and(|lock| is_created(&lock.relation));
        self.locks.retain(|lock| !is_created(&lock.relation));
        if !about {
            return self;
        }
        let effect = Effect { duration: Duration::Instant, reasons: Vec::new(), waits: None, notes: Vec::new(), ..self };
        effect.noting("this file creates the table: no other session sees it yet")
    }

    /// Who waits for the strongest of its locks.
    pub(crate) fn wait(&self) -> Wait {
        self.waits.unwrap_or_else(|| self.locks.iter().map(|lock| Wait::of(lock.mode)).max().unwrap_or(Wait::Nobody))
    }

    /// What to think of it.
    pub(crate) fn verdict(&self) -> Verdict {
        if !self.reasons.is_empty() {
            return Verdict::Unsafe { reasons: self.reasons.clone() };
        }
        match (self.wait().stops_the_application(), self.duration) {
            (false, _) => Verdict::Safe,
            (true, Duration::Instant) => Verdict::Brief,
            (true, Duration::Batches | Duration::Unknown | Duration::Scan | Duration::Build | Duration::Rewrite) => {
                let why = format!("{} wait for {}", self.wait(), self.duration);
                let instead = "put the strong lock and the long work into files of their own".to_owned();
                Verdict::Unsafe { reasons: vec![Reason { why, instead }] }
            }
        }
    }
}

fn add_new<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}
