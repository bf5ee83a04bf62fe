//! Clients that fire on one instance, and what they are told.

mod client;
mod server;
mod state;

use crate::Bug;
use state::{Answer, At, Client, Phase, Say, Session, State, Told};
use stateright::{Model, Property};

/// The model.
#[derive(Debug, Clone)]
pub struct Transition {
    /// What is done wrong, if anything.
    pub bug: Option<Bug>,
    /// One for each client.
    pub calls: Vec<Call>,
    /// How often a connection may be cut.
    pub cuts: u8,
    /// How often the server may restart.
    pub restarts: u8,
    /// How often an effect may hide the error of a statement.
    pub hidden: u8,
    /// How often a client tries.
    pub attempts: u8,
}

/// What a client wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Call {
    /// How it is sent.
    pub form: Form,
    /// What is fired.
    pub event: Event,
    /// The key. Two clients with one key are two deliveries of one message.
    pub key: u8,
}

/// How an event is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// One statement, which commits by itself.
    Statement,
    /// A transaction with an effect.
    Transaction,
}

/// What is fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// From open to open, so that it could be made twice.
    Touch,
    /// From open to closed.
    Close,
    /// From closed to open: what was refused becomes possible again.
    Reopen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Start(usize),
    /// The server gets what is in the network, or goes on with what it has.
    Serve(usize),
    /// What is in the network of a cut connection never arrives.
    Lose(usize),
    /// The server sees that its client is gone.
    Notice(usize),
    /// The client has run its effect, and sends COMMIT.
    Commit(usize),
    /// A statement of the effect fails, and it says nothing.
    Hide(usize),
    Hear(usize),
    Cut(usize),
    Restart,
}

impl Model for Transition {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let client = Client { phase: Phase::Idle, attempt: 1, doubt: false };
        vec![State {
            closed: false,
            lock: None,
            history: vec![],
            effects: vec![],
            void: vec![],
            sessions: vec![],
            clients: vec![client; self.calls.len()],
            cuts: self.cuts,
            restarts: self.restarts,
            hidden: self.hidden,
            late: false,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for (number, client) in state.clients.iter().enumerate() {
            match client.phase {
                Phase::Idle => actions.push(Action::Start(number)),
                Phase::Waits(..) if state.cuts > 0 => actions.push(Action::Cut(number)),
                Phase::Waits(..) | Phase::Told(_) => {}
            }
        }
        for number in 0..state.sessions.len() {
            state.can(number, actions);
        }
        if state.restarts > 0 && !state.sessions.is_empty() {
            actions.push(Action::Restart);
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Start(client) => self.start(&mut state, client),
            Action::Serve(session) => self.serve(&mut state, session),
            Action::Lose(session) | Action::Notice(session) => state.end(session),
            Action::Commit(session) => self.send_commit(&mut state, session),
            Action::Hide(session) => state.hide(session),
            Action::Hear(session) => self.hear(&mut state, session),
            Action::Cut(client) => self.cut(&mut state, client),
            Action::Restart => self.restart(&mut state),
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always("what is acknowledged is in history once", |model: &Self, state: &State| {
                model.all(state, Told::Made, |key| state.count(key) == 1)
            }),
            Property::always("what is refused is not in history", |model: &Self, state: &State| {
                model.shares_a_key() || model.all(state, Told::Refused, |key| state.count(key) == 0)
            }),
            Property::always("a key counts once", |model: &Self, state: &State| {
                model.calls.iter().all(|call| state.count(call.key) <= 1)
            }),
            Property::always("history is a path", |model: &Self, state: &State| model.is_path(state)),
            Property::always("an effect stands if and only if its transition does", |model: &Self, state: &State| {
                state.effects == model.with_effects(&state.history)
            }),
            Property::eventually("everybody is told", |_, state: &State| {
                state.clients.iter().all(|client| matches!(client.phase, Phase::Told(_)))
            }),
            Property::sometimes("a lost answer is found", |model: &Self, state: &State| {
                state.clients.iter().any(|client| client.attempt > 1) && model.any(state, Told::Made)
            }),
        ];
        if self.cuts + self.restarts >= self.attempts {
            let unknown = |model: &Self, state: &State| model.any(state, Told::Unknown);
            properties.push(Property::sometimes("it is not known", unknown));
        }
        if self.calls.iter().any(|call| call.event == Event::Reopen) {
            properties.push(Property::sometimes("a late statement meets a void key", |_, state: &State| state.late));
        }
        properties
    }
}

impl Transition {
    fn told(&self, state: &State, what: Told) -> impl Iterator<Item = u8> {
        let clients = state.clients.iter().zip(&self.calls);
        let told = clients.filter(move |(client, _)| client.phase == Phase::Told(what));
        told.map(|(_, call)| call.key).collect::<Vec<_>>().into_iter()
    }

    fn all(&self, state: &State, what: Told, holds: impl Fn(u8) -> bool) -> bool {
        self.told(state, what).all(holds)
    }

    fn any(&self, state: &State, what: Told) -> bool {
        self.told(state, what).next().is_some()
    }

    fn shares_a_key(&self) -> bool {
        self.calls.iter().enumerate().any(|(at, call)| self.calls[..at].iter().any(|other| other.key == call.key))
    }

    /// Those of history that had an effect.
    fn with_effects(&self, history: &[u8]) -> Vec<u8> {
        let has = |key: &&u8| self.calls.iter().any(|call| call.key == base(**key) && call.form == Form::Transaction);
        history.iter().filter(has).copied().collect()
    }

    /// Whether each step of history starts where the one before has led.
    fn is_path(&self, state: &State) -> bool {
        let events = state.history.iter().filter_map(|key| self.calls.iter().find(|call| call.key == base(*key)));
        let end = events.map(|call| call.event).try_fold(false, |closed, event| event.leads(closed));
        end == Some(state.closed)
    }
}

impl Event {
    /// Where it leads, if it is possible there: whether it is closed then.
    fn leads(self, closed: bool) -> Option<bool> {
        match (self, closed) {
            (Event::Touch, false) | (Event::Reopen, true) => Some(false),
            (Event::Close, false) => Some(true),
            (Event::Touch | Event::Close, true) | (Event::Reopen, false) => None,
        }
    }
}

/// The client's own key, of one that was made up for another attempt.
fn base(key: u8) -> u8 {
    key % 16
}

impl State {
    fn count(&self, key: u8) -> usize {
        self.history.iter().filter(|made| base(**made) == key).count()
    }
}
