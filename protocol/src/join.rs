//! Children that end at once, and their parent, which fires when there is none left on its way.

use crate::Bug;
use stateright::{Model, Property};

/// The model.
#[derive(Debug, Clone)]
pub struct Join {
    /// What is done wrong, if anything.
    pub bug: Option<Bug>,
    /// How many children there are.
    pub children: usize,
    /// How often whoever looks may die.
    pub deaths: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    children: Vec<Child>,
    /// The parent's job: its attempt, and whether it is due.
    attempt: u8,
    due: bool,
    look: Look,
    /// How often the parent has fired.
    fired: u8,
    deaths: u8,
    /// For what must be reached at times: a look was overtaken by a child's end.
    overtaken: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Child {
    OnItsWay,
    /// Its transaction has moved it; how many others it saw on their way.
    Ending(usize),
    /// Committed, with a job that tells its parent.
    Ended,
    Told,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Look {
    Idle,
    /// For this attempt.
    Claimed(u8),
    /// There were some left.
    Waits(u8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    End(usize),
    Commit(usize),
    Tell(usize),
    Claim,
    /// Under the parent's lock, and in a second statement.
    Count,
    /// Nothing to be done until it is told.
    Sleep,
    Die,
}

impl Model for Join {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            children: vec![Child::OnItsWay; self.children],
            attempt: 0,
            due: true,
            look: Look::Idle,
            fired: 0,
            deaths: self.deaths,
            overtaken: false,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let counts_itself = self.bug == Some(Bug::JoinCountedInTrigger);
        for (number, child) in state.children.iter().enumerate() {
            match child {
                Child::OnItsWay => actions.push(Action::End(number)),
                Child::Ending(_) => actions.push(Action::Commit(number)),
                Child::Ended if !counts_itself => actions.push(Action::Tell(number)),
                Child::Ended | Child::Told => {}
            }
        }
        match state.look {
            Look::Idle if state.due && state.fired == 0 && !counts_itself => actions.push(Action::Claim),
            Look::Idle => {}
            Look::Claimed(_) => actions.push(Action::Count),
            Look::Waits(_) => actions.push(Action::Sleep),
        }
        if state.deaths > 0 && state.look != Look::Idle {
            actions.push(Action::Die);
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::End(child) => state.children[child] = Child::Ending(state.on_their_way() - 1),
            Action::Commit(child) => self.commit(&mut state, child),
            Action::Tell(child) => state.tell(child),
            Action::Claim => {
                (state.attempt, state.due) = (state.attempt + 1, false);
                state.look = Look::Claimed(state.attempt);
            }
            Action::Count => state.count(),
            Action::Sleep => state.sleep(),
            // Its lease lapses, and the job is due again.
            Action::Die => (state.deaths, state.look, state.due) = (state.deaths - 1, Look::Idle, true),
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("the parent fires once", |_, state: &State| state.fired <= 1),
            Property::always("it fires when all are at their end", |_, state: &State| {
                state.fired == 0 || state.on_their_way() == 0
            }),
            Property::eventually("the parent fires", |_, state: &State| state.fired > 0),
            Property::sometimes("a look is overtaken", |_, state: &State| state.overtaken),
        ]
    }
}

impl Join {
    fn commit(&self, state: &mut State, child: usize) {
        let Child::Ending(others) = state.children[child] else { return };
        state.children[child] = Child::Ended;
        if self.bug == Some(Bug::JoinCountedInTrigger) && others == 0 {
            state.fired += 1;
        }
    }
}

impl State {
    /// Whose end is not committed.
    fn on_their_way(&self) -> usize {
        self.children.iter().filter(|child| matches!(child, Child::OnItsWay | Child::Ending(_))).count()
    }

    /// The parent's job is due, and another attempt: a look that has counted before cannot write any more.
    fn tell(&mut self, child: usize) {
        self.children[child] = Child::Told;
        if self.fired == 0 {
            (self.attempt, self.due) = (self.attempt + 1, true);
        }
    }

    fn count(&mut self) {
        let Look::Claimed(attempt) = self.look else { return };
        let is_mine = attempt == self.attempt;
        self.look = match self.on_their_way() {
            0 if is_mine => {
                self.fired += 1;
                Look::Idle
            }
            0 => Look::Idle,
            _ => Look::Waits(attempt),
        };
        self.overtaken |= !is_mine;
    }

    fn sleep(&mut self) {
        let Look::Waits(attempt) = self.look else { return };
        let is_mine = attempt == self.attempt;
        (self.overtaken, self.due) = (self.overtaken || !is_mine, self.due && !is_mine);
        self.look = Look::Idle;
    }
}
