//! Time that a test moves.

use super::depot::{Depot, World, settings};
use super::parcels::Parcel;
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::Worker;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A workflow of long times.
pub mod trials {
    use chrono::{DateTime, Utc};
    use uuid::Uuid;
    use workflow_tests::declared;

    declared! {
        /// A trial, with a reminder and an end.
        pub workflow Trial in trials {
            id: Uuid,
            until: DateTime<Utc>,

            states { initial Running, Reminded, final Ended }

            transitions {
                remind: Running -> Reminded after 30 days,
                end: Reminded -> Ended at until,
            }
        }
    }
}
use trials::{Trial, trial};

#[tokio::test(flavor = "multi_thread")]
async fn timers_of_weeks_fire_when_their_time_is_moved_and_not_a_day_before() {
    let db = workflow_tests::database(trials::SOURCE, "").await;
    let app = workflow_runtime::Runtime::new(db.pool_with(4).await.unwrap(), ());
    let id = Uuid::new_v4();
    app.create(trial::New { id, until: chrono::Utc::now() + 60 * DAY }).await.unwrap();
    for (days, state) in [(0, "running"), (29, "running"), (1, "reminded"), (29, "reminded"), (1, "ended")] {
        workflow_testing::advance(app.pool(), days * DAY).await.unwrap();
        Worker::new(app.clone()).serving::<Trial>().until_idle().await.unwrap();
        let trial = Trial::load(app.pool(), id).await.unwrap().unwrap();
        assert_eq!(trial.state.label().unwrap().as_str(), state, "{days} days later");
    }
    let steps = Trial::load(app.pool(), id).await.unwrap().unwrap().history(app.pool()).await.unwrap();
    let ages: Vec<i64> = steps.iter().map(|step| (chrono::Utc::now() - step.at).num_days()).collect();
    assert_eq!(ages, [60, 30, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn until_idle_ends_when_nothing_is_due_and_leaves_what_is_due_later() {
    let world = World::new().await;
    for _ in 0..40 {
        world.parcel().await;
    }
    let worker = || async { Worker::with(world.runtime(Depot::default()).await, settings()).serving::<Parcel>() };
    worker().await.until_idle().await.unwrap();
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels WHERE state = 'booked'").await, 40);
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_jobs WHERE kind <> 'timer' OR attempt > 0").await, 0);
    world.run("ALTER TABLE parcels_jobs RENAME TO elsewhere").await;
    assert!(worker().await.until_idle().await.is_err());
}
