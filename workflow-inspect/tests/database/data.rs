//! History replayed against rows and jobs: nothing is found after honest work, and each thing that was changed by hand is.

use crate::rows::run;
use crate::shop::{Shop, snapshots};
use std::collections::BTreeSet;
use std::time::Duration;
use workflow_inspect::{DataFault, Look, Site, VerifiedData, verify_data};
use workflow_migrate::{Snapshot, Step};
use workflow_testing::Database;

/// A workflow with every kind of job, internal and external loops, and fields of states.
const PARCEL: &str = r#"
workflow! {
    pub workflow Parcel in parcels {
        id: i64,
        weight: i32,

        states {
            initial Packed,
            Sent { tracking: String, due: Option<DateTime<Utc>> },
            final Arrived,
            final Lost { reason: String },
        }

        transitions {
            create: -> Packed then label,
            weigh(weight: i32): Packed,
            remind: Packed after 10 minutes then mail,
            inspect: Packed by look_inside,
            send(tracking: String, due: Option<DateTime<Utc>>): Packed -> Sent by book then notify,
            extend(due: Option<DateTime<Utc>>): Sent,
            resend: Sent -> Sent,
            overdue: Sent -> Lost { reason: "overdue" } at due,
            arrive: Sent -> Arrived by track,
            lose(reason: String): Sent -> Lost,
        }
    }
}
"#;

/// What clients do: 1 is new, 2 has fired what fires once a stay, 3 and 4 are on their way, 5 arrived, 6 was forced, 7 sent again.
const HONEST: &str = "
    INSERT INTO parcels (id, weight) SELECT n, n FROM generate_series(1, 8) n;
    SELECT parcels_remind(2); SELECT parcels_inspect(2); SELECT parcels_weigh(2, 20);
    SELECT parcels_send(3, 'three', now() + interval '1 day'); SELECT parcels_send(4, 'four', NULL);
    SELECT parcels_extend(3, now() + interval '3 days');
    SELECT parcels_send(5, 'five', NULL); SELECT parcels_arrive(5);
    SELECT parcels_force(6, 'sent', '{\"tracking\": \"six\"}', 'found in the yard');
    SELECT parcels_send(7, 'seven', now() + interval '2 days'); SELECT parcels_resend(7);
    SELECT parcels_extend(8, NULL) FROM parcels_send(8, 'eight', NULL); UPDATE parcels SET weight = 90 WHERE id = 8;
    -- A worker has one, one has failed, one is parked, and one was given back.
    UPDATE parcels_jobs SET run_at = now() + interval '30 seconds', attempt = 1 WHERE id = 1 AND job = 'look_inside';
    UPDATE parcels_jobs SET run_at = now() + interval '1 hour', attempt = 3, last_error = 'busy' WHERE id = 4 AND job = 'book';
    UPDATE parcels_jobs SET run_at = 'infinity', attempt = 25, last_error = 'gone' WHERE id = 4 AND job = 'track';
    UPDATE parcels_jobs SET run_at = run_at + interval '2 seconds' WHERE id = 7 AND job = 'track';
";

pub(crate) async fn found(database: &Database, snapshot: &Snapshot, limit: usize) -> VerifiedData {
    let mut look = Look::open(&database.url().parse().unwrap(), Duration::from_secs(30)).await.unwrap();
    let site = Site::of(&mut look, snapshot).await.unwrap().unwrap();
    let found = verify_data(&mut look, &site, limit).await.unwrap();
    look.close().await;
    found
}

async fn honest(test: &str) -> (Shop, Snapshot) {
    let shop = Shop::of(test, PARCEL).await;
    // A transaction each: their times differ.
    for statement in HONEST.split(';').filter(|statement| !statement.trim().is_empty()) {
        run(&shop.pool, statement).await;
    }
    let snapshot = snapshots(&shop.at.migrations()).remove(0);
    (shop, snapshot)
}

#[tokio::test]
async fn honest_work_leaves_nothing_to_find() {
    let (shop, snapshot) = honest("data-honest").await;
    assert_eq!(found(&shop.database, &snapshot, 10).await.mismatches, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_race_leave_nothing_to_find() {
    let (shop, snapshot) = honest("data-racing").await;
    let pool = shop.database.pool_with(4).await.unwrap();
    let client = |seed: usize| {
        let pool = pool.clone();
        async move {
            for n in 0..150 {
                let id = (n * 7 + seed * 3) % 8 + 1;
                let step = match (n * 5 + seed) % 8 {
                    0 => format!("SELECT parcels_send({id}, 't{n}', now() + interval '1 hour')"),
                    1 => format!("SELECT parcels_resend({id})"),
                    2 => format!("SELECT parcels_weigh({id}, {n})"),
                    3 => format!("SELECT parcels_remind({id})"),
                    4 => format!("SELECT parcels_extend({id}, NULL)"),
                    5 => format!("SELECT parcels_force({id}, 'packed', '{{}}', 'again')"),
                    6 => format!("SELECT parcels_extend({id}, now() + interval '{n} hours')"),
                    _ => format!("BEGIN; SELECT parcels_inspect({id}); SELECT parcels_send({id}, 'b', NULL); COMMIT"),
                };
                // Many are refused: the instance is elsewhere by then.
                let mut connection = pool.acquire().await.unwrap();
                let _ = sqlx::raw_sql(sqlx::AssertSqlSafe(step)).execute(&mut *connection).await;
                let _ = sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await;
            }
        }
    };
    let clients: Vec<_> = (0..4).map(|seed| tokio::spawn(client(seed))).collect();
    for client in clients {
        client.await.unwrap();
    }
    assert_eq!(found(&shop.database, &snapshot, 10).await.mismatches, []);
    let steps: i64 = sqlx::query_scalar("SELECT count(*) FROM parcels_history").fetch_one(&shop.pool).await.unwrap();
    assert!(steps > 100, "{steps}");
}

/// One thing changed by hand, the fault that it is, and a word of what is said.
const TAMPERINGS: &[(&str, &[DataFault], &str)] = {
    use DataFault::*;
    &[
        ("UPDATE parcels SET state = 'arrived', tracking = NULL, due = NULL WHERE id = 8", &[State, JobElsewhere], "sent"),
        ("UPDATE parcels SET version = 9 WHERE id = 2", &[Version], "9"),
        ("UPDATE parcels SET event = 'remind' WHERE id = 2", &[Event], "weigh"),
        ("UPDATE parcels SET entered_at = entered_at - interval '1 second' WHERE id = 5", &[EnteredAt], "since"),
        ("UPDATE parcels SET keyed = 1, key = gen_random_uuid() WHERE id = 1", &[Author], "author"),
        ("UPDATE parcels SET keyed = 2 WHERE id = 1", &[Author], "has not come"),
        ("UPDATE parcels SET tracking = 'other' WHERE id = 4", &[Data], "tracking"),
        ("UPDATE parcels_history SET data = '{}' WHERE id = 4 AND version = 2", &[Data], "does not have"),
        (
            "UPDATE parcels_history SET data = data || '{\"due\": \"soon\"}' WHERE id = 4 AND version = 2",
            &[Data],
            "cannot be read",
        ),
        (
            "DELETE FROM parcels_history WHERE id = 3 AND version = 2",
            &[Gap, EnteredAt, JobVersion, TaskUnmade],
            "version 3 is there, and 2 is not",
        ),
        ("DELETE FROM parcels_history WHERE id = 2 AND version = 1", &[Gap, TaskUnmade], "1 is not"),
        ("DELETE FROM parcels_history WHERE id = 5 AND version = 3", &[Version, State, Event, EnteredAt], "last step"),
        ("DELETE FROM parcels_history WHERE id = 1", &[HistoryMissing, TaskUnmade], "no history"),
        ("UPDATE parcels_history SET from_state = 'lost' WHERE id = 5 AND version = 3", &[Chain, Arrow], "lost"),
        ("UPDATE parcels_history SET event = 'teleport' WHERE id = 5 AND version = 2", &[Arrow, TaskUnmade], "no such arrow"),
        (
            "INSERT INTO workflow.edges VALUES ('parcel', 'packed', 'fall', 'sent', 'migrate');
             UPDATE parcels_history SET event = 'fall' WHERE id = 8 AND version = 2",
            &[Arrow, TaskUnmade],
            "fall leads from packed to sent",
        ),
        ("UPDATE parcels_history SET note = NULL WHERE id = 6", &[Note], "force has no reason"),
        ("UPDATE parcels_history SET from_state = 'sent' WHERE id = 1", &[Beginning, TaskUnmade], "begins with create from sent"),
        ("DELETE FROM parcels WHERE id = 5", &[RowMissing, JobOrphan], "no row"),
        ("DELETE FROM parcels_jobs WHERE id = 1 AND kind = 'timer'", &[JobMissing], "the timer remind of the state packed"),
        ("DELETE FROM parcels_jobs WHERE id = 4 AND job = 'track'", &[JobMissing], "the activity track"),
        ("UPDATE parcels_jobs SET job = 'trace' WHERE id = 4 AND job = 'track'", &[JobUnknown, JobMissing], "declared nowhere"),
        ("INSERT INTO parcels_jobs VALUES (5, 3, 'track', 'activity')", &[JobElsewhere], "not one of the state arrived"),
        ("UPDATE parcels_jobs SET version = 1 WHERE id = 7 AND job = 'track'", &[JobVersion], "entered at 3"),
        (
            "INSERT INTO parcels_jobs SELECT id, 3, job, kind, run_at FROM parcels_jobs WHERE id = 3 AND job = 'overdue'",
            &[JobTwice],
            "2 times",
        ),
        (
            "UPDATE parcels_jobs SET run_at = run_at - interval '5 minutes' WHERE id = 1 AND job = 'remind'",
            &[JobEarly],
            "not before",
        ),
        ("UPDATE parcels_jobs SET run_at = now() WHERE id = 3 AND job = 'overdue'", &[JobEarly], "overdue"),
        ("UPDATE parcels SET due = NULL WHERE id = 7", &[Data, JobElsewhere], "due"),
        ("UPDATE parcels_jobs SET run_at = 'infinity' WHERE id = 1 AND job = 'remind'", &[JobPutOff], "infinity"),
        ("INSERT INTO parcels_jobs VALUES (1, 1, 'notify', 'task')", &[TaskUnmade], "no step that makes it"),
        ("INSERT INTO parcels_jobs VALUES (99, 1, 'label', 'task')", &[JobOrphan], "not there"),
        (
            "ALTER TABLE parcels DROP CONSTRAINT parcels_state_1; UPDATE parcels SET state = 'limbo' WHERE id = 1",
            &[UnknownState, State, JobElsewhere],
            "limbo",
        ),
    ]
};

#[tokio::test]
async fn each_thing_that_was_changed_by_hand_is_found_as_what_it_is() {
    let (shop, snapshot) = honest("data-tampering").await;
    let mut missed = Vec::new();
    for (tampering, faults, word) in TAMPERINGS {
        let pool = &shop.pool;
        // Undone afterwards by a copy: the trigger would undo nothing.
        run(pool, "CREATE TABLE kept AS TABLE parcels; CREATE TABLE kept_history AS TABLE parcels_history; CREATE TABLE kept_jobs AS TABLE parcels_jobs").await;
        run(pool, &format!("BEGIN; SET LOCAL session_replication_role = replica; {tampering}; COMMIT")).await;
        let found = found(&shop.database, &snapshot, 100).await;
        let kinds: BTreeSet<String> = found.mismatches.iter().map(|m| format!("{:?}", m.fault)).collect();
        let expected: BTreeSet<String> = faults.iter().map(|fault| format!("{fault:?}")).collect();
        if kinds != expected || !found.is_wrong() || !found.mismatches.iter().any(|m| m.said.contains(word)) {
            missed.push(format!("{tampering}: {:#?}", found.mismatches));
        }
        run(
            pool,
            "BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM parcels; DELETE FROM parcels_history; DELETE FROM parcels_jobs;
             INSERT INTO parcels TABLE kept; INSERT INTO parcels_history TABLE kept_history; INSERT INTO parcels_jobs TABLE kept_jobs;
             DROP TABLE kept, kept_history, kept_jobs; COMMIT",
        )
        .await;
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[tokio::test]
async fn no_more_is_told_than_was_asked_for() {
    let (shop, snapshot) = honest("data-limit").await;
    run(&shop.pool, "BEGIN; SET LOCAL session_replication_role = replica; UPDATE parcels SET version = version + 5; COMMIT")
        .await;
    let few = found(&shop.database, &snapshot, 3).await;
    assert_eq!((few.mismatches.len(), few.more), (3, true));
    let all = found(&shop.database, &snapshot, 1000).await;
    assert!(!all.more && all.mismatches.len() >= 8, "{all:#?}");
}

#[tokio::test]
async fn what_an_older_declaration_allowed_is_noted_and_is_not_wrong() {
    let (shop, _) = honest("data-older").await;
    let between = PARCEL
        .replace("            resend: Sent -> Sent,\n", "")
        .replace("Lost { reason: String }", "Lost { reason: String, insured: Option<bool> }")
        .replace("\"overdue\" }", "\"overdue\", insured: None }")
        .replace("lose(reason: String)", "lose(reason: String, insured: Option<bool>)");
    shop.at.generate(&between, Step::Expand, 2000).unwrap();
    let apply = || async { sqlx::migrate::Migrator::new(shop.at.migrations()).await.unwrap().run(&shop.pool).await.unwrap() };
    apply().await;
    let snapshot = snapshots(&shop.at.migrations()).remove(0);
    assert_eq!(
        found(&shop.database, &snapshot, 10).await.mismatches,
        [],
        "both declarations are known while both may be at work"
    );
    run(&shop.pool, "SELECT parcels_lose(3, 'fell off', true); SELECT parcels_resend(4)").await;
    shop.at.generate(&between, Step::Contract, 3000).unwrap();
    apply().await;
    let snapshot = snapshots(&shop.at.migrations()).remove(0);
    let found = found(&shop.database, &snapshot, 10).await;
    assert!(!found.is_wrong(), "{found:#?}");
    let faults: Vec<DataFault> = found.mismatches.iter().map(|m| m.fault).collect();
    assert_eq!(faults, [DataFault::Arrow, DataFault::Arrow], "{found:#?}");
}
