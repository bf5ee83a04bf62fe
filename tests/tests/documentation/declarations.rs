//! Declarations of the language reference. Each is compiled, and its migration applied.

// They are declared, and nobody uses them.
#![allow(dead_code)]

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;
use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    /// A subscription, paid by card.
    pub workflow Subscription in billing.subscriptions {
        id: Uuid,
        #[unique]
        email: String,
        plan: String,
        /// The customer's country, where it is known.
        #[sql = "varchar(2)"]
        country: Option<String>,
        born: Option<NaiveDate>,
        seats: Vec<String>,
        settings: Json<serde_json::Value>,

        states {
            initial Trial,
            #[label = "paid"]
            Active { card: String, renews_at: DateTime<Utc> },
            Renewing { card: String },
            PastDue,
            final Ended { reason: Option<String> },
        }

        groups {
            Paying = Active | Renewing,
            Alive = Trial | Paying | PastDue,
        }

        transitions {
            create: -> Trial with open_account then send_welcome,
            remind: Trial after 3 days then send_reminder,
            expire: Trial -> Ended { reason: "the trial is over" } after 14 days,
            subscribe(card: String, renews_at: DateTime<Utc>): Trial -> Active,
            due: Active -> Renewing at renews_at,
            postpone(renews_at: DateTime<Utc>): Active,
            renew(renews_at: DateTime<Utc>): Renewing -> Active
                by charge_card pausing 1 minute to 1 hour within 30 seconds
                then send_receipt up to 5 attempts
                then book_revenue,
            fail: Renewing -> PastDue after 12 hours,
            decline: Renewing -> PastDue after 3 failures of charge_card,
            abandon: PastDue -> Ended { reason: None } after 60 days,
            change_plan(plan: String): Alive if sql "plan <> NEW.plan",
            #[label = "give_up"]
            leave(reason: Option<String>): Alive -> Ended with close_account,
            forget: Ended,
        }
    }
}

workflow! {
    /// A support ticket, in a table that was there before.
    #[adopt(status)]
    pub workflow Ticket in tickets {
        number: i64,
        subject: String,

        states {
            #[label = "new"]
            initial Untouched,
            Assigned { agent_name: String },
            #[renamed_from = "done"]
            final Closed,
        }

        transitions {
            assign(agent_name: String): Untouched | Assigned -> Assigned,
            nag: Assigned after 90 seconds then remind_agent,
            close: Assigned -> Closed with sql maybe "DELETE FROM reminders WHERE ticket = NEW.number",
            dismiss(by_whom: String): Untouched -> Closed with note_dismissal,
        }
    }
}

workflow! {
    /// A purchase, in its second version.
    #[removed(Hold -> Cancelled { reason: "was on hold" })]
    #[dropped(coupon)]
    #[dropped(Packed.carrier = "none")]
    #[moved_from(sales.purchases)]
    pub workflow Purchase in purchases {
        id: Uuid,
        #[default = 1]
        quantity: i32,
        #[renamed_from = "amount"]
        #[was(i32, "amount * 100", "cents / 100")]
        cents: i64,

        states {
            initial Placed,
            #[renamed_from = "reserved"]
            Packed { shelf: String },
            final Cancelled { reason: String },
        }

        transitions {
            #[renamed_from = "reserve"]
            pack(shelf: String): Placed -> Packed,
            cancel(reason: String): Placed | Packed -> Cancelled,
            #[retime]
            expire: Placed -> Cancelled { reason: "not packed in time" } after 2 days,
        }
    }
}

#[tokio::test]
async fn the_migrations_of_these_declarations_apply() {
    let tables = "CREATE SCHEMA billing;
        CREATE TABLE tickets (number bigint PRIMARY KEY, subject text NOT NULL, status text NOT NULL, agent_name text);
        CREATE TABLE reminders (ticket bigint NOT NULL);
        INSERT INTO tickets VALUES (1, 'It is broken', 'new', NULL), (2, 'It works', 'assigned', 'Ada');";
    let database = workflow_tests::database(include_str!("declarations.rs"), tables).await;
    let mut connection = database.connect().await.expect("a connection");
    let states: Vec<String> =
        sqlx::query_scalar("SELECT state FROM tickets ORDER BY number").fetch_all(&mut connection).await.expect("states");
    assert_eq!(states, ["new", "assigned"]);
}
