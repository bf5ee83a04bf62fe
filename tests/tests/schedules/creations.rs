//! Creation at a time: once, with everything that a creation brings, and not when it was taken back.

use super::bills::bill;
use super::bills::{Bill, SOURCE};
use super::office::{Office, Working, World, new, now, numbers, start};
use chrono::TimeDelta;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use uuid::Uuid;
use workflow_inspect::{Look, Site, verify_data};
use workflow_migrate::Snapshot;
use workflow_runtime::{Created, JobError, Scheduled};

async fn work(world: &World, office: Office) -> Working {
    start(world.worker(office).await.serving::<Bill>())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_is_created_at_its_time_with_its_fields_its_effect_and_its_tasks() {
    let world = World::new().await;
    let (id, later) = (Uuid::new_v4(), now() + TimeDelta::hours(1));
    let told = Arc::default();
    let office = world.runtime(Office::default()).await;
    let asked = bill::New {
        id,
        month: now(),
        amount: f64::MIN_POSITIVE,
        note: Some("it's \\ \"quoted\"".into()),
        seal: vec![0, 255, 92],
        due: Some(later),
    };
    assert_eq!(office.create_at(asked.clone(), later).await.unwrap(), Scheduled::New);
    let working = work(&world, Office { told: Arc::clone(&told), ..Office::default() }).await;
    let waits =
        "SELECT attempt = 0 AND version = 0 AND run_at > now() + interval '59 minutes' FROM bills_jobs WHERE kind = 'creation'";
    assert!(world.ask::<bool>(waits).await);
    world.run("UPDATE bills_jobs SET run_at = now()").await;
    world.until("SELECT count(*) = 1 FROM bills").await;
    world.until("SELECT array_agg(job) = '{remind}' FROM bills_jobs").await;
    working.stop().await;
    let created = Bill::load(office.pool(), id).await.unwrap().unwrap();
    let bill::In::Open(bill) = created.typed() else { panic!("it is open") };
    assert_eq!((bill.month, bill.amount, bill.note, bill.seal), (asked.month, asked.amount, asked.note, asked.seal));
    assert_eq!(bill.state.due, Some(later));
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM numbers").await, 1);
    assert_eq!(*told.lock().unwrap(), [format!("bill/{id}/1/send")]);
    let history: Vec<String> = world.ask("SELECT array_agg(event || ' ' || version || ' ' || actor) FROM bills_history").await;
    assert_eq!(history, ["create 1 creation create"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_twice_is_told_of_the_first_and_what_is_taken_back_does_not_come() {
    let world = World::new().await;
    let office = world.runtime(Office::default()).await;
    let (id, at) = (Uuid::new_v4(), now() + TimeDelta::days(3));
    assert_eq!(office.create_at(new(id, now()), at).await.unwrap(), Scheduled::New);
    let twice = office.create_at(new(id, now()), at + TimeDelta::days(1)).await.unwrap();
    assert_eq!(twice, Scheduled::Existing { at: Some(at) });
    world.run("UPDATE bills_jobs SET run_at = 'infinity'").await;
    assert_eq!(office.create_at(new(id, now()), at).await.unwrap(), Scheduled::Existing { at: None });
    assert!(office.cancel_creation::<Bill>(id).await.unwrap());
    assert!(!office.cancel_creation::<Bill>(id).await.unwrap());
    office.create(new(id, now())).await.unwrap();
    assert_eq!(office.create_at(new(id, now()), at).await.unwrap(), Scheduled::There);

    let other = Uuid::new_v4();
    let mut tx = office.begin().await.unwrap();
    assert_eq!(tx.create_at(new(other, now()), at).await.unwrap(), Scheduled::New);
    assert_eq!(tx.create_at(new(id, now()), at).await.unwrap(), Scheduled::There);
    tx.rollback().await.unwrap();
    assert!(!office.cancel_creation::<Bill>(other).await.unwrap());
    let mut tx = office.begin().await.unwrap();
    tx.create_at(new(other, now()), at).await.unwrap();
    assert!(tx.cancel_creation::<Bill>(other).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM bills_jobs WHERE kind = 'creation'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_workers_create_each_once_and_leave_alone_what_came_otherwise() {
    let world = World::new().await;
    let office = world.runtime(Office::default()).await;
    let past = now() - TimeDelta::minutes(1);
    let mut created = 0;
    for n in 0..60 {
        let id = Uuid::new_v4();
        office.create_at(new(id, now()), past).await.unwrap();
        if n % 3 == 0 {
            assert!(matches!(office.create(new(id, past)).await.unwrap(), Created::New(_)));
            created += 1;
        }
    }
    let (one, other) = (work(&world, Office::default()).await, work(&world, Office::default()).await);
    world.until("SELECT count(*) = 0 FROM bills_jobs").await;
    one.stop().await;
    other.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM bills").await, 60);
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM numbers").await, 60);
    let otherwise = "SELECT count(*) FROM bills_history WHERE actor IS DISTINCT FROM 'creation create'";
    assert_eq!(world.ask::<i64>(otherwise).await, created);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_that_fails_is_tried_again_and_one_that_gives_up_is_parked() {
    let world = World::new().await;
    let office = world.runtime(Office::default()).await;
    let (id, past) = (Uuid::new_v4(), now() - TimeDelta::minutes(1));
    office.create_at(new(id, now()), past).await.unwrap();
    let gives_up = Arc::new(AtomicBool::new(false));
    let is_over = gives_up.clone();
    let number = numbers(move |_| match is_over.load(Ordering::SeqCst) {
        false => Err("no numbers left".into()),
        true => Err(JobError::give_up("no numbers any more").into()),
    });
    let working = work(&world, Office { number, ..Office::default() }).await;
    world
        .until("SELECT last_error LIKE '%no numbers left' AND attempt - forgiven = 1 AND run_at < 'infinity' FROM bills_jobs")
        .await;
    gives_up.store(true, Ordering::SeqCst);
    world.run("UPDATE bills_jobs SET run_at = now()").await;
    world.until("SELECT last_error LIKE '%no numbers any more' AND run_at = 'infinity' FROM bills_jobs").await;
    working.stop().await;
    assert_eq!(world.ask::<i64>("SELECT (SELECT count(*) FROM bills) + (SELECT count(*) FROM numbers)").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_comes_late_creates_nothing() {
    let world = World::new().await;
    // Whoever takes a job waits here, before it looks for it.
    world
        .run("CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
              CREATE TRIGGER wait BEFORE DELETE ON bills_jobs FOR EACH STATEMENT EXECUTE FUNCTION wait()")
        .await;
    let office = world.runtime(Office::default()).await;
    office.create_at(new(Uuid::new_v4(), now()), now() - TimeDelta::minutes(1)).await.unwrap();
    let mut held = world.admin.begin().await.unwrap();
    sqlx::query("SELECT pg_advisory_xact_lock(1)").execute(&mut *held).await.unwrap();
    let working = work(&world, Office::default()).await;
    world.until("SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").await;
    // Its lease has ended, and somebody else has the job.
    world.run("UPDATE bills_jobs SET attempt = attempt + 1, run_at = now() + interval '1 hour'").await;
    held.commit().await.unwrap();
    working.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM bills").await, 0);
    assert_eq!(world.ask::<i32>("SELECT attempt FROM bills_jobs").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_became_required_meanwhile_is_told() {
    let world = World::new().await;
    let id = Uuid::new_v4();
    world
        .run(&format!(
            "INSERT INTO bills_jobs (id, version, job, kind, data) VALUES ('{id}', 0, 'create', 'creation', '{{\"amount\": 1, \"seal\": \"\", \"gone\": 2}}')"
        ))
        .await;
    let working = work(&world, Office::default()).await;
    world.until("SELECT last_error LIKE '%asked for without `month`, which is required now%' FROM bills_jobs").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_is_no_mismatch() {
    let world = World::new().await;
    let office = world.runtime(Office::default()).await;
    office.create_at(new(Uuid::new_v4(), now()), now() + TimeDelta::days(30)).await.unwrap();
    office.create(new(Uuid::new_v4(), now())).await.unwrap();
    let snapshot = Snapshot::first(workflow_tests::models(SOURCE).remove(0), 1, Vec::new());
    let mut look = Look::open(&world.db.url().parse().unwrap(), Duration::from_secs(30)).await.unwrap();
    let site = Site::of(&mut look, &snapshot).await.unwrap().unwrap();
    assert_eq!(verify_data(&mut look, &site, 10).await.unwrap().mismatches, []);
}
