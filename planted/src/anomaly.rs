//! What must not be.

/// What a check has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Anomaly {
    /// Success was told, and the step does not stand.
    #[error("acknowledged, but not there")]
    Acknowledged,
    /// Failure was told, and the step stands.
    #[error("told not to be written, but there")]
    Denied,
    /// One call, and two effects that count.
    #[error("an effect happened twice")]
    EffectTwice,
    /// An effect that counts, without its step.
    #[error("an effect without its step")]
    EffectAlone,
    /// Two calls under one key.
    #[error("a key took effect twice")]
    KeyTwice,
    /// An attempt whose job somebody else had by then.
    #[error("a late attempt took effect")]
    LateAttempt,
    /// Two attempts of one job, while the first one's lease was running.
    #[error("two attempts at the same time")]
    TwoAtOnce,
    /// PostgreSQL had to break one up.
    #[error("a deadlock")]
    Deadlock,
    /// What was written outside of any transaction is seen by nobody else.
    #[error("a write in somebody else's transaction")]
    Swallowed,
    /// A step that is not declared.
    #[error("an illegal step was committed")]
    Illegal,
    /// A step that was made.
    #[error("a step is not in history")]
    Unrecorded,
    /// All children have ended.
    #[error("a parent is left waiting")]
    LeftWaiting,
}

impl Anomaly {
    /// This, where the condition holds.
    pub(crate) fn when(self, is_so: bool) -> Vec<Anomaly> {
        if is_so { vec![self] } else { Vec::new() }
    }
}
