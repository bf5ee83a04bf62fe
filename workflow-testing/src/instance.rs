//! Instances that no database has seen: for tests of effects and of work, which take one.

use chrono::{DateTime, Utc};
use workflow_runtime::private::Forge;

/// An instance in any state, as if it had just entered it: the common fields are those of `new`, the state is `state`.
///
/// Nothing can be fired through it: its version is 1, and no database has it.
///
/// ```
/// use uuid::Uuid;
/// use workflow_runtime::workflow;
///
/// workflow! {
///     pub workflow Ticket in tickets {
///         id: Uuid,
///         title: String,
///         states { initial Open, Assigned { to: String }, final Closed }
///         transitions { assign(to: String): Open -> Assigned, close: Assigned -> Closed }
///     }
/// }
///
/// fn greeting(ticket: &Ticket<ticket::Assigned>) -> String {
///     format!("Dear {}, please look at: {}", ticket.state.to, ticket.title)
/// }
///
/// fn main() {
///     let new = ticket::New { id: Uuid::nil(), title: "it does not work".into() };
///     let ticket = workflow_testing::in_state(new, ticket::Assigned { to: "Ann".into() });
///     assert_eq!(greeting(&ticket), "Dear Ann, please look at: it does not work");
/// }
/// ```
pub fn in_state<N: Forge<S>, S>(new: N, state: S) -> N::Instance {
    in_state_since(new, state, Utc::now())
}

/// The same, in its state since `entered_at`.
pub fn in_state_since<N: Forge<S>, S>(new: N, state: S, entered_at: DateTime<Utc>) -> N::Instance {
    new.forge(state, entered_at)
}
