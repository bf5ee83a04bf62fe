//! The SQL that the macro has written.

/// The SQL of a workflow. Every text lists its columns, takes its parameters in the order given, and was written by the macro.
#[derive(Debug)]
pub struct Statements {
    /// (key)
    pub load: &'static str,
    /// (key): the row, locked against other transitions
    pub lock: &'static str,
    /// (keys): the rows, locked in ascending order
    pub lock_all: &'static str,
    /// (actor, key of the transition, fields…, trace or NULL): the new row, and with an effect the transaction's number; none when it exists
    pub create: &'static str,
    /// (key, time, fields…): asks for a creation. Whether the instance is there, or for when it was asked before
    pub create_at: &'static str,
    /// (key): takes it back, and says whether it was there
    pub cancel_creation: &'static str,
    /// (a job's identity): takes the job; the row that it is to create
    pub creation: &'static str,
    /// Whether a creation writes jobs that are due at once.
    pub wakes: bool,
    /// (key, key of a transition): the row, and the step made under that key, or else the last one
    pub look: &'static str,
    /// (key, key of a transition): the row as that transition left it
    pub made: &'static str,
    /// (key, version): the row as the step to that version left it
    pub arrived: &'static str,
    /// The table of jobs, qualified and quoted.
    pub jobs: &'static str,
    /// (keys, key of a transition): the same as `look`, for many
    pub look_all: &'static str,
    /// (key): all steps
    pub history: &'static str,
    /// (key, key of a transition, lock time-out): was it made? Afterwards it never can be.
    pub void: &'static str,
    /// (key): the labels of the events that nothing blocks now
    pub possible: &'static str,
    /// The rows, without a condition
    pub find: &'static str,
}

/// The names under which a row's columns come back, in the order of the fields.
#[derive(Debug)]
pub struct Names {
    /// The row itself: `warehouse`.
    pub row: &'static [&'static str],
    /// The row before the transition: `before.warehouse`.
    pub before: &'static [&'static str],
    /// What a step of history recorded: `recorded.warehouse`, which may be called like a step's own column.
    pub step: &'static [&'static str],
}

/// The SQL of an event. Parameters: key, version or NULL, actor, key of the transition, whether that is new, the event's own.
#[derive(Debug)]
pub struct Transition {
    /// The event's label.
    pub event: &'static str,
    /// The labels of the states from which it leads away, or in which it is internal; former ones too.
    pub sources: &'static [&'static str],
    /// The method of the application's effects, when there is one.
    pub effect: Option<&'static str>,
    /// In a transaction. Returns the row, and with an effect the row before it and the transaction's number.
    pub step: &'static str,
    /// In one statement of its own; two more parameters: the lock time-out, and the trace or NULL.
    pub alone: &'static str,
    /// For many keys in one statement; two more parameters: the lock time-out, and the trace or NULL.
    pub bulk: &'static str,
    /// Of events without an effect in the application.
    pub outcomes: Option<Outcomes>,
    /// Whether it writes jobs that are due at once.
    pub wakes: bool,
}

/// Fires for each instance whose job is still a worker's, in one statement. Parameters: lock time-out, trace or NULL, actor, kind
/// and name of the jobs; then for each instance a row of these types: key, key of the transition, the job's version and attempt, the event's own. It
/// returns the keys of those that were moved.
#[derive(Debug)]
pub struct Outcomes {
    /// Before the rows.
    pub head: &'static str,
    /// The types of a row.
    pub types: &'static [&'static str],
    /// Behind the rows.
    pub tail: &'static str,
}
