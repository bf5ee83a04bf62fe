//! The declaration.

use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    /// An expense claim, from the desk of who has paid to the decision.
    pub workflow Claim in claims {
        id: Uuid,
        employee: String,
        /// In euros.
        amount: i32,

        states {
            /// Still being written.
            initial Draft,
            /// On the manager's desk.
            Submitted,
            /// On the director's.
            Escalated,
            final Approved,
            final Rejected { reason: String },
        }

        groups {
            Open = Submitted | Escalated,
        }

        transitions {
            amend(amount: i32): Draft,
            submit: Draft -> Submitted,
            forget: Draft -> Rejected { reason: "it was never submitted" } after 90 days,

            /// Once, and the claim stays where it is.
            remind: Submitted after 2 days then write_to_manager,
            escalate: Submitted -> Escalated after 7 days then write_to_director,

            /// A manager may decide about small amounts.
            approve: Submitted -> Approved if sql "amount <= 1000" then write_to_employee,
            approve: Escalated -> Approved then write_to_employee,
            reject(reason: String): Open -> Rejected then write_to_employee,
        }
    }
}
