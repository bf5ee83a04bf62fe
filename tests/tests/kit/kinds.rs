//! Fields of all kinds, a timer at a field, a guard that waits for time, and a child that needs its parent.

use self::tours::Tour;
use serde_json::json;
use sqlx::PgPool;
use std::time::Duration;
use workflow_runtime::Runtime;
use workflow_runtime::workflow::Workflow;
use workflow_testing::{Database, Provable, Subject, advance, crash_sweep, race_matrix, random_walk};

mod tours {
    workflow_tests::declared! {
        /// A tour, at its end when all of its stops are; never in its first hour.
        pub(crate) workflow Tour in tours {
            id: i64,
            name: String,
            states { initial Driving, final Done }
            transitions {
                rename(name: String): Driving,
                finish: Driving -> Done after all super::stops::Stop if sql "entered_at < now() - interval '1 hour'",
            }
        }
    }
}

mod stops {
    use chrono::{DateTime, NaiveDate, Utc};
    use sqlx::types::Json;
    use uuid::Uuid;

    workflow_tests::declared! {
        /// A stop of a tour.
        pub(crate) workflow Stop in stops of super::tours::Tour by tour_id {
            id: Uuid,
            tour_id: i64,
            urgent: bool,
            floor: i16,
            metres: f64,
            photo: Vec<u8>,
            tags: Vec<String>,
            extra: Json<serde_json::Value>,
            note: Option<String>,
            states {
                initial Planned { day: NaiveDate },
                Waiting { until: DateTime<Utc>, day: NaiveDate },
                final Made,
            }
            transitions {
                wait(until: DateTime<Utc>): Planned -> Waiting,
                put_off(until: DateTime<Utc>, note: Option<String>): Waiting,
                give_up: Waiting -> Made at until,
            }
        }
    }
}

async fn subject<W: Provable<()> + Workflow>() -> Subject<W, ()> {
    let database: Database = workflow_tests::database(tours::SOURCE, "").await;
    workflow_tests::fill(&database, stops::SOURCE, "").await;
    Subject::new(&database, |url| async move { Ok(Runtime::new(PgPool::connect(&url).await?, ())) })
}

async fn prove<W: Provable<()>>(subject: &Subject<W, ()>) {
    crash_sweep(subject).await.unwrap();
    race_matrix(subject).await.unwrap();
    random_walk(subject).await.unwrap();
}

#[tokio::test]
async fn a_child_is_proved_with_a_parent_that_is_made_for_it() {
    let stops = subject::<stops::Stop>().await.sample_made("tour_id", |pool| async move {
        let tour = tours::tour::New { id: 1, name: "north".into() };
        let _ = Runtime::new(pool, ()).create(tour).await.map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
        Ok(json!(1))
    });
    prove(&stops).await;
}

#[tokio::test]
async fn a_guard_that_waits_for_time_is_given_it() {
    let hours = |pool: PgPool| async move { advance(&pool, Duration::from_secs(2 * 60 * 60)).await };
    prove(&subject::<Tour>().await.preparing("finish", hours)).await;
}
