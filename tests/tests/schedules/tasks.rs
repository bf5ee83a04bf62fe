//! A task that has a time of its own.

use super::bills::{Bill, bill};
use super::office::{Office, World, new, now, start};
use chrono::TimeDelta;
use std::sync::Arc;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_due_in_a_while_or_on_a_field_and_stays_when_the_state_is_left() {
    let world = World::new().await;
    let office = world.runtime(Office::default()).await;
    let (id, due) = (Uuid::new_v4(), now() + TimeDelta::days(3));
    office.create(bill::New { due: Some(due), ..new(id, now()) }).await.unwrap();
    office.fire(id, bill::event::Pay).await.unwrap();
    let jobs: Vec<String> = world
        .ask("SELECT array_agg(j.job || ' ' || j.version || ' ' || round(extract(epoch FROM j.run_at - h.at) / 86400) ORDER BY j.run_at)
            FROM bills_jobs j JOIN bills_history h USING (id, version) WHERE j.kind = 'task'")
        .await;
    assert_eq!(jobs, ["send 1 0", "thank 2 0", "remind 1 3", "ask_back 2 14"]);
    assert_eq!(world.ask::<chrono::DateTime<chrono::Utc>>("SELECT run_at FROM bills_jobs WHERE job = 'remind'").await, due);
    let told = Arc::default();
    let working = start(world.worker(Office { told: Arc::clone(&told), ..Office::default() }).await.serving::<Bill>());
    world.until("SELECT count(*) = 2 FROM bills_jobs").await;
    world.run("UPDATE bills_jobs SET run_at = now()").await;
    world.until("SELECT count(*) = 0 FROM bills_jobs").await;
    working.stop().await;
    let mut told: Vec<String> = told.lock().unwrap().clone();
    told.sort();
    assert_eq!(told, ["1/remind", "1/send", "2/ask_back", "2/thank"].map(|key| format!("bill/{id}/{key}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_time_there_is_no_task() {
    let world = World::new().await;
    world.runtime(Office::default()).await.create(new(Uuid::new_v4(), now())).await.unwrap();
    assert_eq!(world.ask::<Vec<String>>("SELECT array_agg(job) FROM bills_jobs").await, ["send"]);
}
