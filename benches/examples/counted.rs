//! What the runtime does in this process for each transition, often enough to be counted: `bench counts` reads from callgrind how many
//! instructions each function below took. What they work on is made before.

use serde_json::json;
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::types::chrono::{DateTime, Utc};
use sqlx::{Connection, FromRow};
use std::hint::black_box;
use uuid::Uuid;
use workflow_runtime::workflow::{Event, New};
use workflow_runtime::{BoxError, private, workflow};

workflow! {
    /// A claim, with a field of each kind that is usual.
    pub(crate) workflow Claim in claims {
        id: Uuid,
        holder: String,
        amount: i64,
        note: Option<String>,

        states {
            initial Filed,
            Assigned { adjuster: String, visit_at: DateTime<Utc> },
            final Paid { receipt: String },
        }

        transitions {
            assign(adjuster: String, visit_at: DateTime<Utc>): Filed -> Assigned,
            pay(receipt: String): Assigned -> Paid,
        }
    }
}

/// As a transition returns it; no table is needed for that.
const ROW: &str = "SELECT '00000000-0000-0000-0000-000000000001'::uuid AS id, 'Ada' AS holder, 12::bigint AS amount, \
    NULL::text AS note, 'assigned' AS state, 'Bob' AS adjuster, to_timestamp(1) AS visit_at, NULL::text AS receipt, \
    2::bigint AS version, to_timestamp(2) AS entered_at";

const STEP: &str = "SELECT 'assigned' AS \"step.to_state\", 2::bigint AS \"step.version\", to_timestamp(2) AS \"step.at\", \
    'assign' AS \"step.event\", 'filed' AS \"step.from_state\", 'clerk' AS \"step.actor\", 'app' AS \"step.role\", \
    '00000000-0000-0000-0000-000000000002'::uuid AS \"step.key\", NULL::text AS \"step.note\", \
    '{\"adjuster\": 1}'::jsonb AS \"step.data\", 'Bob' AS \"recorded.adjuster\", to_timestamp(1) AS \"recorded.visit_at\", \
    NULL::text AS \"recorded.receipt\"";

/// As often as everything is done that is counted.
const TIMES: u32 = 100;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let url = std::env::args().nth(1).ok_or("the address of a database, please")?;
    let mut connection = PgConnection::connect(&url).await?;
    let row = sqlx::query(ROW).fetch_one(&mut connection).await?;
    let step = sqlx::query(STEP).fetch_one(&mut connection).await?;
    let assign = claim::event::Assign { adjuster: "Bob".into(), visit_at: DateTime::UNIX_EPOCH };
    let new = claim::New { id: Uuid::from_u128(1), holder: "Ada".into(), amount: 12, note: None };
    let event = claim::Event::from(assign.clone());
    let text = json!(event).to_string();
    bind_event(&assign)?;
    bind_creation(&new)?;
    event_to_json(&event)?;
    event_from_json(&text)?;
    read_instance(&row)?;
    read_step(&step)
}

#[inline(never)]
fn bind_event(event: &claim::event::Assign) -> Result<(), BoxError> {
    (0..TIMES).try_for_each(|_| event.bind(black_box(&mut PgArguments::default())))
}

#[inline(never)]
fn bind_creation(new: &claim::New) -> Result<(), BoxError> {
    (0..TIMES).try_for_each(|_| new.bind(black_box(&mut PgArguments::default())))
}

#[inline(never)]
fn event_to_json(event: &claim::Event) -> Result<(), BoxError> {
    (0..TIMES).try_for_each(|_| {
        black_box(serde_json::to_string(event)?);
        Ok(())
    })
}

#[inline(never)]
fn event_from_json(text: &str) -> Result<(), BoxError> {
    (0..TIMES).try_for_each(|_| {
        black_box(serde_json::from_str::<claim::Event>(text)?);
        Ok(())
    })
}

#[inline(never)]
fn read_instance(row: &PgRow) -> Result<(), BoxError> {
    (0..TIMES).try_for_each(|_| {
        black_box(Claim::from_row(row)?.typed());
        Ok(())
    })
}

#[inline(never)]
fn read_step(row: &PgRow) -> Result<(), BoxError> {
    (0..TIMES).try_for_each(|_| {
        black_box(private::step::<Claim>(row)?);
        Ok(())
    })
}
