//! What there is: the row, the sessions, and what each client waits for.

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    pub(super) closed: bool,
    /// The session that has locked the row.
    pub(super) lock: Option<usize>,
    /// The keys of what was committed, in order.
    pub(super) history: Vec<u8>,
    /// The keys under which the application's table was changed.
    pub(super) effects: Vec<u8>,
    /// The keys that can make nothing any more.
    pub(super) void: Vec<u8>,
    pub(super) sessions: Vec<Session>,
    pub(super) clients: Vec<Client>,
    pub(super) cuts: u8,
    pub(super) restarts: u8,
    pub(super) hidden: u8,
    /// For what must be reached at times: a statement came late, and its key was void.
    pub(super) late: bool,
}

/// A connection, from the server's side.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Session {
    pub(super) client: usize,
    /// Under which it writes; another one than the client's own where that is the bug.
    pub(super) key: u8,
    pub(super) at: At,
    /// Whether the client still listens.
    pub(super) heard: bool,
    /// A statement has failed: nothing can be committed.
    pub(super) failed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum At {
    /// In the network.
    Sent(Say),
    /// The server has begun with it; whether the key was in history then.
    Begun(Say, bool),
    /// In a transaction that has moved the row; whether COMMIT is in the network.
    Open {
        commit: bool,
    },
    /// It commits: that takes its time.
    Committing,
    /// The row is locked, and history not yet read.
    Locked,
    /// The answer is in the network.
    Answered(Answer),
    Ended,
}

/// What a client sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Say {
    Statement,
    Update,
    /// Is the key in history? Under the row's lock.
    Look,
    /// The same without it.
    Peek,
    /// The same under the lock, and if not, it never will be.
    Void,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    Done,
    /// No row was moved.
    Nothing,
    Failed,
    Found,
    NotFound,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Client {
    pub(super) phase: Phase,
    pub(super) attempt: u8,
    /// A statement of its own was lost, and may still arrive.
    pub(super) doubt: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Phase {
    Idle,
    /// For the answer of this session to what it was sent last; none to COMMIT.
    Waits(usize, Option<Say>),
    Told(Told),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Told {
    Made,
    /// Nothing was written, and nothing will be.
    Refused,
    Unknown,
}
