//! A client: what it sends, and what it makes of an answer, or of none.

use super::{Answer, At, Form, Phase, Say, Session, State, Told, Transition};
use crate::Bug;

impl Transition {
    pub(super) fn start(&self, state: &mut State, client: usize) {
        let say = match self.calls[client].form {
            Form::Statement => Say::Statement,
            Form::Transaction => Say::Update,
        };
        self.send(state, client, say);
    }

    /// On a new connection.
    fn send(&self, state: &mut State, client: usize, say: Say) {
        let (attempt, key) = (state.clients[client].attempt, self.calls[client].key);
        let key = if self.bug == Some(Bug::NoKeyLookUp) { key + 16 * (attempt - 1) } else { key };
        state.clients[client].phase = Phase::Waits(state.sessions.len(), Some(say));
        state.sessions.push(Session { client, key, at: At::Sent(say), heard: true, failed: false });
    }

    pub(super) fn send_commit(&self, state: &mut State, number: usize) {
        let (client, key) = (state.sessions[number].client, state.sessions[number].key);
        if self.bug == Some(Bug::EffectOutside) {
            state.effects.push(key);
        }
        state.sessions[number].at = At::Open { commit: true };
        state.clients[client].phase = Phase::Waits(number, None);
    }

    pub(super) fn cut(&self, state: &mut State, client: usize) {
        state.cuts -= 1;
        self.lost(state, client);
    }

    /// The connection is dead, and what was sent may have been done, or may yet be.
    pub(super) fn lost(&self, state: &mut State, client: usize) {
        let Phase::Waits(number, said) = state.clients[client].phase else { return };
        state.sessions[number].heard = false;
        if matches!(state.sessions[number].at, At::Answered(_)) {
            state.end(number);
        }
        state.clients[client].doubt |= said == Some(Say::Statement);
        if state.clients[client].attempt == self.attempts {
            state.clients[client].phase = Phase::Told(at_last(said));
            return;
        }
        state.clients[client].attempt += 1;
        let say = match (said, self.bug) {
            (Some(Say::Statement), Some(Bug::LookUpOnly)) => Say::Look,
            (None, Some(Bug::NoKeyLookUp)) => Say::Update,
            (None, Some(Bug::LookUpWithoutLock)) => Say::Peek,
            (None, _) => Say::Look,
            (Some(say), _) => say,
        };
        self.send(state, client, say);
    }

    pub(super) fn hear(&self, state: &mut State, number: usize) {
        let (client, at) = (state.sessions[number].client, state.sessions[number].at);
        let (At::Answered(answer), Phase::Waits(_, said)) = (at, state.clients[client].phase) else { return };
        state.sessions[number].at = At::Ended;
        let doubt = state.clients[client].doubt && self.bug != Some(Bug::KeyNotVoided);
        let told = match (said, answer) {
            (_, Answer::Done | Answer::Found) => Told::Made,
            // Why? It may have been done under this key.
            (Some(Say::Statement | Say::Update), Answer::Nothing) => return self.send(state, client, Say::Peek),
            // No shared key is made void: another delivery may use it yet.
            (Some(Say::Peek), Answer::NotFound) if doubt && !self.shares_a_key() => return self.send(state, client, Say::Void),
            (_, Answer::Nothing | Answer::Failed | Answer::NotFound) => Told::Refused,
        };
        state.clients[client].phase = Phase::Told(told);
    }
}

/// The attempts have run out. Without COMMIT an open transaction comes to nothing.
fn at_last(said: Option<Say>) -> Told {
    match said {
        Some(Say::Update) => Told::Refused,
        Some(_) | None => Told::Unknown,
    }
}
