//! How a workflow does, what happened to an instance, and why it is where it is.

use crate::rows::run;
use crate::shop::{Shop, snapshots};
use std::time::Duration;
use workflow_inspect::{
    By, Hindrance, History, InspectError, JobStanding, Look, Site, Status, StatusAsked, Verdict, Why, history, status, why,
};
use workflow_migrate::Snapshot;

/// Guards, timers, an activity and a task, and a key of a type of the user's own.
const CLAIM: &str = r#"
workflow! {
    pub workflow Claim in claims {
        #[sql = "text"]
        number: ClaimNumber,
        amount: i32,

        states {
            initial Filed,
            Held { until: DateTime<Utc> },
            final Paid,
        }

        transitions {
            pay: Filed -> Paid if sql "amount < 100 AND EXISTS (SELECT FROM claims c WHERE c.number = claims.number)" then thank,
            hold(until: DateTime<Utc>): Filed -> Held if sql "NEW.until > now()",
            check: Filed by call with note_it,
            give_up: Filed -> Paid after 3 failures of call,
            release: Held -> Filed at until,
        }
    }
}
"#;

async fn look(shop: &Shop) -> Look {
    Look::open(&shop.database.url().parse().unwrap(), Duration::from_secs(10)).await.unwrap()
}

fn snapshot(shop: &Shop) -> Snapshot {
    snapshots(&shop.at.migrations()).remove(0)
}

async fn asked(shop: &Shop, id: &str) -> Result<Why, InspectError> {
    let (mut look, snapshots) = (look(shop).await, [snapshot(shop)]);
    let site = Site::having(&mut look, &snapshots, None, id).await?;
    let answer = why(&mut look, &site, id, Duration::from_secs(60)).await;
    look.close().await;
    answer
}

async fn counted(shop: &Shop, estimate: bool) -> Status {
    let (mut look, snapshot) = (look(shop).await, snapshot(shop));
    let site = Site::of(&mut look, &snapshot).await.unwrap().unwrap();
    let status = status(&mut look, &site, StatusAsked { late: Duration::from_secs(60), estimate }).await.unwrap();
    look.close().await;
    status
}

#[tokio::test]
async fn states_have_counts_and_ages_and_jobs_are_told_apart_by_what_their_row_says() {
    let shop = Shop::of("looking-status", CLAIM).await;
    run(&shop.pool, "INSERT INTO claims (number, amount) SELECT 'C' || n, 10 FROM generate_series(1, 8) n").await;
    run(&shop.pool, "SELECT claims_pay('C8')").await;
    run(
        &shop.pool,
        "BEGIN; SET LOCAL session_replication_role = replica;
         UPDATE claims SET entered_at = now() - interval '1 hour' WHERE number IN ('C1', 'C2', 'C3', 'C4');
         UPDATE claims SET entered_at = now() - interval '2 days' WHERE number = 'C5'; COMMIT",
    )
    .await;
    let set = |id: &str, values: &str| format!("UPDATE claims_jobs SET {values} WHERE id = '{id}' AND kind = 'activity';");
    let changes = [
        set("C1", "run_at = now() - interval '5 minutes'"),
        set("C2", "run_at = now() + interval '30 seconds', attempt = 1"),
        set("C3", "run_at = now() + interval '1 hour', attempt = 2, last_error = 'busy'"),
        set("C4", "run_at = 'infinity', attempt = 25, last_error = 'gone'"),
        set("C5", "run_at = now() + interval '1 hour'"),
    ];
    run(&shop.pool, &changes.concat()).await;
    let status = counted(&shop, false).await;
    let states: Vec<_> = status.states.iter().map(|s| (s.state.as_str(), s.rows, s.known)).collect();
    assert_eq!(states, [("filed", Some(7), true), ("held", Some(0), true), ("paid", Some(1), true)]);
    let filed = &status.states[0];
    assert!(
        (172_800.0..172_900.0).contains(&filed.oldest.unwrap()) && (3_600.0..3_700.0).contains(&filed.median.unwrap()),
        "{filed:?}"
    );
    let jobs: Vec<_> =
        status.jobs.iter().map(|j| (j.job.as_str(), j.scheduled, j.due, j.late, j.running, j.failed, j.parked)).collect();
    assert_eq!(jobs, [("call", 1, 3, 1, 1, 1, 1), ("thank", 0, 1, 0, 0, 0, 0)]);
    assert!(status.jobs[0].oldest_due_for.unwrap() >= 300.0, "{:?}", status.jobs[0]);
}

#[tokio::test]
async fn an_estimate_is_as_of_the_last_analyze_and_says_when_it_does_not_know() {
    let shop = Shop::of("looking-estimate", CLAIM).await;
    run(&shop.pool, "INSERT INTO claims (number, amount) SELECT 'C' || n, 10 FROM generate_series(1, 100) n").await;
    let before = counted(&shop, true).await;
    assert_eq!(before.states[0].rows, None);
    run(&shop.pool, "SELECT claims_pay('C' || n) FROM generate_series(1, 25) n").await;
    run(&shop.pool, "VACUUM ANALYZE claims").await;
    let after = counted(&shop, true).await;
    let rows: Vec<_> = after.states.iter().map(|state| (state.rows, state.oldest)).collect();
    assert_eq!(rows, [(Some(75), None), (None, None), (Some(25), None)]);
}

#[tokio::test]
async fn the_steps_of_an_instance_are_read_whatever_its_key_looks_like() {
    let shop = Shop::of("looking-history", CLAIM).await;
    let id = "C'; DROP TABLE claims; --";
    run(&shop.pool, "INSERT INTO claims (number, amount) VALUES ('C''; DROP TABLE claims; --', 12345)").await;
    run(&shop.pool, "SET workflow.actor = 'ann'; SELECT claims_hold('C''; DROP TABLE claims; --', now() + interval '1 day'); RESET workflow.actor").await;
    let (mut look, snapshots) = (look(&shop).await, [snapshot(&shop)]);
    let site = Site::having(&mut look, &snapshots, None, id).await.unwrap();
    let History { steps, .. } = history(&mut look, &site, id).await.unwrap();
    let told: Vec<_> =
        steps.iter().map(|s| (s.version, s.event.as_str(), s.from_state.as_deref(), s.to_state.as_str())).collect();
    assert_eq!(told, [(1, "create", None, "filed"), (2, "hold", Some("filed"), "held")]);
    assert_eq!((steps[0].data.as_ref().unwrap().get(), steps[1].actor.as_deref()), ("{\"amount\": 12345}", Some("ann")));
    let nobody = Site::having(&mut look, &snapshots, None, "nobody").await.unwrap_err();
    assert!(matches!(nobody, InspectError::NoInstance { .. }), "{nobody}");
    let wrong = Site::having(&mut look, &snapshots, Some("clam"), id).await.unwrap_err();
    assert_eq!(wrong.to_string(), "no workflow is called `clam`: there is `claim`");
}

#[tokio::test]
async fn a_key_that_two_workflows_have_asks_which_and_one_that_only_fits_one_type_does_not() {
    let shop = Shop::of("looking-two", CLAIM).await;
    let other = Shop::of(
        "looking-two-other",
        &CLAIM
            .replace("Claim in claims", "Case in cases")
            .replace("claims", "cases")
            .replace("#[sql = \"text\"]\n        number: ClaimNumber", "number: i64"),
    )
    .await;
    for file in
        other.migrator.iter().filter(|file| file.description.ends_with("create") && !file.migration_type.is_down_migration())
    {
        run(&shop.pool, file.sql.as_str()).await;
    }
    run(&shop.pool, "INSERT INTO claims (number, amount) VALUES ('7', 1), ('C1', 1); INSERT INTO cases (number, amount) VALUES (7, 1), (8, 1)").await;
    let (mut look, snapshots) = (look(&shop).await, [snapshot(&shop), snapshot(&other)]);
    let both = Site::having(&mut look, &snapshots, None, "7").await.unwrap_err();
    assert_eq!(both.to_string(), "7 is an instance of `claim`, `case`");
    for (id, asked, found) in [("7", Some("case"), "case"), ("8", None, "case"), ("C1", None, "claim")] {
        assert_eq!(Site::having(&mut look, &snapshots, asked, id).await.unwrap().label(), found, "{id}");
    }
}

#[tokio::test]
async fn why_tells_what_could_happen_and_what_the_guards_say() {
    let shop = Shop::of("looking-why", CLAIM).await;
    run(&shop.pool, "INSERT INTO claims (number, amount) VALUES ('cheap', 1), ('dear', 1000)").await;
    let dear = asked(&shop, "dear").await.unwrap();
    let ways: Vec<_> = dear.ways.iter().map(|way| (way.event.as_str(), way.to.as_deref(), way.by.clone())).collect();
    let expected = [
        ("pay", Some("paid"), By::Hand),
        ("hold", Some("held"), By::Hand),
        ("check", None, By::Activity { activity: "call".into() }),
        ("give_up", Some("paid"), By::Failures { failures: 3, activity: "call".into() }),
    ];
    assert_eq!(ways, expected);
    assert_eq!(dear.ways[2].effect.as_deref(), Some("note_it"));
    assert_eq!(dear.ways[0].guard.as_ref().unwrap().says, Verdict::No);
    assert!(matches!(dear.ways[1].guard.as_ref().unwrap().says, Verdict::Unknown { .. }));
    assert!(matches!(dear.hindrances.as_slice(), [Hindrance::Guard { event, .. }] if event == "pay"), "{:?}", dear.hindrances);
    let cheap = asked(&shop, "cheap").await.unwrap();
    assert_eq!((cheap.ways[0].guard.as_ref().unwrap().says.clone(), cheap.hindrances), (Verdict::Yes, vec![]));
    run(&shop.pool, "SELECT claims_hold('cheap', now() + interval '1 day')").await;
    let held = asked(&shop, "cheap").await.unwrap();
    assert_eq!(held.ways[0].by, By::At { field: "until".into() });
    assert_eq!((held.jobs[0].standing, held.jobs.len()), (JobStanding::Scheduled, 1));
}

#[tokio::test]
async fn why_names_who_has_the_row_and_the_job_that_failed_and_a_state_that_it_does_not_know() {
    let shop = Shop::of("looking-stuck", CLAIM).await;
    run(&shop.pool, "INSERT INTO claims (number, amount) VALUES ('one', 1), ('two', 1)").await;
    let mut holder = shop.pool.begin().await.unwrap();
    sqlx::query("SET LOCAL application_name = 'a hung program'").execute(&mut *holder).await.unwrap();
    sqlx::query("SELECT FROM claims WHERE number = 'one' FOR NO KEY UPDATE").execute(&mut *holder).await.unwrap();
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *holder).await.unwrap();
    let one = asked(&shop, "one").await.unwrap();
    assert_eq!(one.hindrances, [Hindrance::Locked { pid }]);
    let locker = &one.lockers[0];
    assert_eq!((locker.application.as_deref(), locker.state.as_deref()), (Some("a hung program"), Some("idle in transaction")));
    assert_eq!(asked(&shop, "two").await.unwrap().lockers, []);
    // Together with a foreign key's lock it has another number.
    let mut other = shop.pool.begin().await.unwrap();
    sqlx::query("SELECT FROM claims WHERE number = 'one' FOR KEY SHARE").execute(&mut *other).await.unwrap();
    assert_eq!(asked(&shop, "one").await.unwrap().hindrances, [Hindrance::Locked { pid }]);
    holder.rollback().await.unwrap();
    other.rollback().await.unwrap();
    assert_eq!(asked(&shop, "one").await.unwrap().hindrances, []);

    let (kind, job) = (|| "activity".to_owned(), || "call".to_owned());
    for (values, hindrance) in [
        ("run_at = 'infinity', attempt = 25, last_error = 'gone'", Hindrance::Parked { kind: kind(), job: job() }),
        ("run_at = now() - interval '1 hour', attempt = 0", Hindrance::Late { kind: kind(), job: job() }),
        ("run_at = now() + interval '1 hour', attempt = 2", Hindrance::Failed { kind: kind(), job: job() }),
    ] {
        run(&shop.pool, &format!("UPDATE claims_jobs SET {values} WHERE id = 'one'")).await;
        let one = asked(&shop, "one").await.unwrap();
        assert_eq!((one.hindrances, one.jobs[0].last_error.as_deref()), (vec![hindrance], Some("gone")));
    }
    run(
        &shop.pool,
        "ALTER TABLE claims DROP CONSTRAINT claims_state_1; BEGIN; SET LOCAL session_replication_role = replica;
         UPDATE claims SET state = 'limbo' WHERE number = 'two'; COMMIT",
    )
    .await;
    let two = asked(&shop, "two").await.unwrap();
    assert_eq!((two.ways.len(), &two.hindrances[0]), (0, &Hindrance::UnknownState { state: "limbo".into() }));
}
