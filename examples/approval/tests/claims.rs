//! Weeks, in milliseconds.

use approval::claim::{Claim, claim};
use approval::office::Office;
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{Error, Runtime, Worker};
use workflow_testing::Database;

async fn submitted(amount: i32) -> (Runtime<Office>, Uuid) {
    let database = Database::create().await.unwrap();
    let office = Runtime::connect(database.url(), Office::default()).await.unwrap();
    office.migrate(&sqlx::migrate!()).await.unwrap();
    let id = Uuid::new_v4();
    let _ = office.create(claim::New { id, employee: "Ann".into(), amount }).await.unwrap();
    let _ = office.fire(id, claim::event::Submit).await.unwrap();
    (office, id)
}

/// What was written when so many days have passed, and where the claim is then.
async fn after_days(office: &Runtime<Office>, id: Uuid, days: u64) -> (usize, claim::State) {
    workflow_testing::advance(office.pool(), Duration::from_secs(days * 24 * 3600)).await.unwrap();
    Worker::new(office.clone()).serving::<Claim>().until_idle().await.unwrap();
    (office.app().letters().len(), Claim::load(office.pool(), id).await.unwrap().unwrap().state)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_comes_once_and_does_not_put_off_the_escalation() {
    let (office, id) = submitted(120).await;
    assert_eq!(after_days(&office, id, 1).await, (0, claim::State::Submitted(claim::Submitted)));
    assert_eq!(after_days(&office, id, 1).await, (1, claim::State::Submitted(claim::Submitted)));
    assert_eq!(after_days(&office, id, 4).await, (0, claim::State::Submitted(claim::Submitted)));
    assert_eq!(after_days(&office, id, 1).await, (1, claim::State::Escalated(claim::Escalated)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_decided_is_not_reminded() {
    let (office, id) = submitted(120).await;
    let _ = office.fire(id, claim::event::Approve).await.unwrap();
    assert_eq!(after_days(&office, id, 30).await, (1, claim::State::Approved(claim::Approved)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_decides_about_small_amounts_only() {
    let (office, id) = submitted(1001).await;
    let refused = office.fire(id, claim::event::Approve).await;
    assert!(matches!(refused, Err(Error::Blocked { .. })), "{refused:?}");
    let _ = after_days(&office, id, 7).await;
    let _ = office.fire(id, claim::event::Approve).await.unwrap();
}

#[test]
fn the_migrations_are_current() {
    workflow_testing::assert_migrations_current!();
}
