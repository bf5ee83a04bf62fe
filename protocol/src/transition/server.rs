//! The server: one row, its lock, and what sessions do.

use super::{Action, Answer, At, Event, Form, Say, State, Transition};
use crate::Bug;

impl State {
    /// What can happen to a session.
    pub(super) fn can(&self, number: usize, actions: &mut Vec<Action>) {
        let session = &self.sessions[number];
        let free = self.lock.is_none_or(|holder| holder == number);
        match session.at {
            At::Sent(_) | At::Open { commit: true } if !session.heard => {
                actions.extend([Action::Serve(number), Action::Lose(number)]);
            }
            At::Begun(say, _) if !free && say != Say::Peek => {}
            At::Sent(_) | At::Open { commit: true } | At::Committing | At::Locked | At::Begun(..) => {
                actions.push(Action::Serve(number));
            }
            At::Open { commit: false } if !session.heard => actions.push(Action::Notice(number)),
            At::Open { commit: false } => {
                actions.push(Action::Commit(number));
                if self.hidden > 0 && !session.failed {
                    actions.push(Action::Hide(number));
                }
            }
            At::Answered(_) => actions.push(Action::Hear(number)),
            At::Ended => {}
        }
    }

    /// What it had not committed is rolled back.
    pub(super) fn end(&mut self, number: usize) {
        self.sessions[number].at = At::Ended;
        self.unlock(number);
    }

    pub(super) fn hide(&mut self, number: usize) {
        self.hidden -= 1;
        self.sessions[number].failed = true;
    }

    fn unlock(&mut self, number: usize) {
        if self.lock == Some(number) {
            self.lock = None;
        }
    }

    /// To a client that is gone nobody answers.
    fn answer(&mut self, number: usize, answer: Answer) {
        self.unlock(number);
        let session = &mut self.sessions[number];
        session.at = if session.heard { At::Answered(answer) } else { At::Ended };
    }

    fn has(&self, key: u8) -> bool {
        self.history.contains(&key)
    }
}

impl Transition {
    pub(super) fn serve(&self, state: &mut State, number: usize) {
        let (key, at) = (state.sessions[number].key, state.sessions[number].at);
        match at {
            At::Sent(say) => state.sessions[number].at = At::Begun(say, state.has(key)),
            At::Begun(say, saw) => self.go_on(state, number, say, saw),
            At::Open { .. } => state.sessions[number].at = At::Committing,
            At::Committing => self.commit(state, number),
            At::Locked => state.answer(number, found(state.has(key))),
            At::Answered(_) | At::Ended => {}
        }
    }

    /// The lock is free: what waited for it sees the row as it is now.
    fn go_on(&self, state: &mut State, number: usize, say: Say, saw: bool) {
        let key = state.sessions[number].key;
        match say {
            Say::Statement | Say::Update => self.step(state, number, say, saw),
            Say::Look => {
                state.lock = Some(number);
                state.sessions[number].at = At::Locked;
            }
            Say::Peek => state.answer(number, found(state.has(key))),
            Say::Void => {
                let has = state.has(key);
                if !has && !state.void.contains(&key) {
                    state.void.push(key);
                    state.void.sort_unstable();
                }
                state.answer(number, found(has));
            }
        }
    }

    fn step(&self, state: &mut State, number: usize, say: Say, saw: bool) {
        let key = state.sessions[number].key;
        let done = if self.bug == Some(Bug::OnceByNotExists) { saw } else { state.has(key) };
        let void = state.void.contains(&key);
        state.late |= void;
        let event = self.calls[state.sessions[number].client].event;
        if event.leads(state.closed).is_none() || done || void {
            return state.answer(number, Answer::Nothing);
        }
        state.lock = Some(number);
        state.sessions[number].at = if say == Say::Statement { At::Committing } else { At::Open { commit: false } };
    }

    fn commit(&self, state: &mut State, number: usize) {
        let session = state.sessions[number].clone();
        if session.failed {
            let plain = self.bug == Some(Bug::PlainCommit);
            return state.answer(number, if plain { Answer::Done } else { Answer::Failed });
        }
        let call = self.calls[session.client];
        state.history.push(session.key);
        state.closed = call.event == Event::Close;
        if call.form == Form::Transaction && self.bug != Some(Bug::EffectOutside) {
            state.effects.push(session.key);
        }
        state.answer(number, Answer::Done);
    }

    pub(super) fn restart(&self, state: &mut State) {
        state.restarts -= 1;
        for number in 0..state.sessions.len() {
            state.end(number);
        }
        for client in 0..state.clients.len() {
            self.lost(state, client);
        }
    }
}

fn found(has: bool) -> Answer {
    if has { Answer::Found } else { Answer::NotFound }
}
