//! Jobs set going by hand.

use crate::rows::run;
use crate::shop::{Shop, snapshots};
use sqlx::PgPool;
use std::time::Duration;
use workflow_inspect::{InspectError, Kept, Look, Parked, Retried, Site, Touch, parked, release, retriable, retry};
use workflow_migrate::Snapshot;

const PRINT: &str = r#"
workflow! {
    pub workflow Print in prints {
        id: i64,
        states { initial Queued { due: Option<DateTime<Utc>> }, final Done }
        transitions {
            create: -> Queued then bill,
            print: Queued -> Done by printer,
            expire: Queued -> Done at due,
        }
    }
}
"#;

const LEASE: Duration = Duration::from_secs(30);

async fn shop(test: &str) -> (Shop, Snapshot) {
    let shop = Shop::of(test, PRINT).await;
    run(
        &shop.pool,
        "INSERT INTO prints (id, due) SELECT n, CASE WHEN n = 5 THEN now() + interval '1 day' END FROM generate_series(1, 5) n",
    )
    .await;
    run(&shop.pool, "UPDATE prints_jobs SET run_at = 'infinity' WHERE job = 'expire'").await;
    run(&shop.pool, "UPDATE prints_jobs SET run_at = 'infinity', attempt = 25, last_error = 'no paper' WHERE id IN (1, 2, 3) AND job = 'printer'").await;
    run(
        &shop.pool,
        "UPDATE prints_jobs SET run_at = 'infinity', attempt = 25, last_error = 'no bank' WHERE id = 1 AND job = 'bill'",
    )
    .await;
    let snapshot = snapshots(&shop.at.migrations()).remove(0);
    (shop, snapshot)
}

async fn look(shop: &Shop) -> Look {
    Look::open(&shop.database.url().parse().unwrap(), LEASE).await.unwrap()
}

async fn touch(shop: &Shop) -> Touch {
    Touch::open(&shop.database.url().parse().unwrap(), LEASE).await.unwrap()
}

async fn count(pool: &PgPool, of: &str) -> i64 {
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM prints_jobs WHERE {of}"))).fetch_one(pool).await.unwrap()
}

#[tokio::test]
async fn parked_jobs_are_released_by_name_or_instance_and_nothing_else_is_touched() {
    let (shop, snapshot) = shop("release").await;
    let mut look = look(&shop).await;
    let site = Site::of(&mut look, &snapshot).await.unwrap().unwrap();
    let ids = ["2".to_owned(), "4".to_owned()];
    let which = Parked { job: Some("printer"), ids: &ids };
    let seen = parked(&mut look, &site, which).await.unwrap();
    assert_eq!(seen.iter().map(|job| (job.id.as_str(), job.attempt)).collect::<Vec<_>>(), [("2", 25)]);
    assert_eq!(count(&shop.pool, "run_at = 'infinity'").await, 5, "looking changes nothing");

    let mut first = touch(&shop).await;
    assert_eq!(release(&mut first, &site, which).await.unwrap(), seen);
    first.keep().await.unwrap();
    assert_eq!(
        count(&shop.pool, "id = 2 AND job = 'printer' AND run_at <= now() AND attempt = forgiven AND last_error = 'no paper'")
            .await,
        1
    );

    let mut second = touch(&shop).await;
    let all = release(&mut second, &site, Parked { job: None, ids: &[] }).await.unwrap();
    second.keep().await.unwrap();
    let mut released: Vec<_> = all.iter().map(|job| (job.job.as_str(), job.id.as_str())).collect();
    released.sort_unstable();
    assert_eq!(released, [("bill", "1"), ("printer", "1"), ("printer", "3")]);
    assert_eq!(
        count(&shop.pool, "run_at = 'infinity'").await,
        1,
        "a timer that waits for a time that never comes was not given up"
    );
}

#[tokio::test]
async fn what_is_not_kept_was_not_done() {
    let (shop, snapshot) = shop("release-rollback").await;
    let mut look = look(&shop).await;
    let site = Site::of(&mut look, &snapshot).await.unwrap().unwrap();
    let mut dropped = touch(&shop).await;
    assert_eq!(release(&mut dropped, &site, Parked { job: None, ids: &[] }).await.unwrap().len(), 4);
    drop(dropped);
    assert_eq!(count(&shop.pool, "run_at = 'infinity'").await, 5);
}

#[tokio::test]
async fn only_a_job_that_surely_waits_for_its_next_attempt_is_tried_at_once() {
    let (shop, snapshot) = shop("retry").await;
    let mut look = look(&shop).await;
    let site = Site::of(&mut look, &snapshot).await.unwrap().unwrap();
    for (values, kept) in [
        ("run_at = now() + interval '20 seconds', attempt = 1, last_error = NULL", Some(Kept::Running)),
        ("run_at = now() + interval '20 seconds', attempt = 2, last_error = 'jam'", Some(Kept::MayBeRunning)),
        ("run_at = now() + interval '1 hour', attempt = 0, last_error = NULL", Some(Kept::Scheduled)),
        ("run_at = now() - interval '1 hour', attempt = 2, last_error = 'jam'", Some(Kept::Due)),
        ("run_at = 'infinity', attempt = 25, last_error = 'jam'", Some(Kept::Parked)),
        ("run_at = now() + interval '1 hour', attempt = 2, last_error = 'jam'", None),
    ] {
        run(&shop.pool, &format!("UPDATE prints_jobs SET {values} WHERE id = 4 AND job = 'printer'")).await;
        let mut touch = touch(&shop).await;
        let outcome = retry(&mut touch, &site, "4", "printer", LEASE).await.unwrap().remove(0);
        touch.keep().await.unwrap();
        match (&outcome, kept) {
            (Retried::Refused { why, .. }, Some(kept)) => assert_eq!(*why, kept),
            (Retried::Done { was }, None) => assert!(was.due_in.unwrap() > 3_500.0, "{was:?}"),
            other => panic!("{values}: {other:?}"),
        }
    }
    assert_eq!(
        count(&shop.pool, "id = 4 AND job = 'printer' AND run_at <= now() AND attempt = 2 AND last_error = 'jam'").await,
        1
    );
    let absent = retriable(&mut look, &site, "4", "scanner", LEASE).await.unwrap();
    assert_eq!(absent, [Retried::Absent]);
}

#[tokio::test]
async fn a_worker_may_release_and_an_application_may_not() {
    let (shop, snapshot) = shop("release-rights").await;
    let mut look = look(&shop).await;
    let site = Site::of(&mut look, &snapshot).await.unwrap().unwrap();
    let name = format!("release_{}", shop.database.url().rsplit('/').next().unwrap().split('?').next().unwrap());
    let options = |role: &str| {
        let options: sqlx::postgres::PgConnectOptions = shop.database.url().parse().unwrap();
        options.options([("role", format!("{name}_{role}"))])
    };
    for role in ["app", "operator", "worker"] {
        run(&shop.pool, &format!("CREATE ROLE {name}_{role}; GRANT workflow_{role} TO {name}_{role}")).await;
    }
    for (role, may) in [("app", false), ("operator", false), ("worker", true)] {
        let mut touch = Touch::open(&options(role), LEASE).await.unwrap();
        let released = release(&mut touch, &site, Parked { job: None, ids: &[] }).await;
        match (released, may) {
            (Ok(jobs), true) => assert_eq!(jobs.len(), 4),
            (Err(InspectError::Write { source, .. }), false) => {
                assert!(source.to_string().contains("permission denied"), "{source}")
            }
            (other, _) => panic!("{role}: {other:?}"),
        }
    }
}
