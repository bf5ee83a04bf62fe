/// A way of doing it wrong that looks right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// What was lost is made again, without asking whether it was made.
    NoKeyLookUp,
    /// After a lost answer to COMMIT history is read at once, while the old backend may still be at it.
    LookUpWithoutLock,
    /// After a lost answer to a statement history is read, and the statement is not sent again: it may still arrive.
    LookUpOnly,
    /// A refusal after a lost statement is believed, and the key stays usable: the statement may still arrive.
    KeyNotVoided,
    /// Whether the key is in history is asked by `NOT EXISTS`, which sees what was there when the statement began.
    OnceByNotExists,
    /// The effect writes on a connection of its own.
    EffectOutside,
    /// COMMIT of a failed transaction is a ROLLBACK that sounds like success.
    PlainCommit,
    /// The outcome of a job is written whoever has it now.
    NoFencing,
    /// Whether the job is still this attempt's is asked by `EXISTS`, which sees what was there when the statement began.
    FenceByExists,
    /// The job's row is locked before the instance.
    JobBeforeInstance,
    /// Whether a lease has lapsed is asked of the worker's own clock.
    LeaseOnOwnClock,
    /// Each child counts the others when it ends.
    JoinCountedInTrigger,
}
