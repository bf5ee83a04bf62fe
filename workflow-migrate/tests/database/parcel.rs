//! A walk over a workflow that uses every feature, with names that need quotes.

use crate::models;
use crate::support::Db;

/// What its effects write to.
pub(crate) const BEFORE: &str = "CREATE SCHEMA \"Sales\"; CREATE TABLE \"Sales\".stock (sku text PRIMARY KEY, on_hand integer NOT NULL); \
    CREATE TABLE \"Sales\".ledger (code text, what text); INSERT INTO \"Sales\".stock VALUES ('a', 10)";

async fn parcel() -> Db {
    let db = Db::with(&models::parcel(), BEFORE).await;
    db.run("INSERT INTO \"Sales\".\"user\" (\"Code\", sku, weight, due, parts, \"order\") VALUES ('p1', 'a', 5.5, now() + interval '1 day', 2, '{x,y}')").await;
    db
}

async fn jobs(db: &Db) -> String {
    db.list("SELECT kind || ':' || job || '@' || version FROM \"Sales\".user_jobs ORDER BY 1").await
}

async fn last(db: &Db) -> String {
    db.text("SELECT event || '/' || to_state || '/' || coalesce(data::text, '-') FROM \"Sales\".user_history ORDER BY version DESC LIMIT 1").await
}

const SEAL: &str = "SELECT \"Sales\".user_seal('p1', 's1', '{\"b\": 1,  \"a\": 2}')";

#[tokio::test]
async fn a_time_that_rust_cannot_hold_is_refused() {
    let db = parcel().await;
    for time in ["infinity", "-infinity", "290000-01-01"] {
        assert_eq!(db.code(&format!("UPDATE \"Sales\".\"user\" SET due = '{time}'")).await, "23514", "{time}");
    }
    db.run("UPDATE \"Sales\".\"user\" SET due = '2026-01-01'").await;
}

#[tokio::test]
async fn creation_has_its_effect_its_tasks_and_its_timers() {
    let db = parcel().await;
    assert_eq!(jobs(&db).await, "task:greet@1 timer:nudge@1 timer:overdue@1");
    assert_eq!(db.text("SELECT what FROM \"Sales\".ledger").await, "made; not moved");
    let data = db.text("SELECT data - 'due' FROM \"Sales\".user_history").await;
    assert_eq!(data, r#"{"sku": "a", "note": null, "order": ["x", "y"], "parts": 2, "weight": 5.50}"#);
}

#[tokio::test]
async fn an_effect_in_sql_sees_the_row_and_must_touch_one() {
    let db = parcel().await;
    db.run(SEAL).await;
    assert_eq!(db.text("SELECT on_hand FROM \"Sales\".stock").await, "8");
    assert_eq!(db.list("SELECT what FROM \"Sales\".ledger").await, "made; not moved it's sealed");
    assert_eq!(last(&db).await, r#"seal/Sealed & shut/{"raw": {"a": 2, "b": 1}, "slip": "s1"}"#);
    assert_eq!(jobs(&db).await, "activity:carry@2 activity:scan@2 task:greet@1 timer:nudge@2 timer:overdue@2");
    db.run("SELECT \"Sales\".user_refused('p1'); DELETE FROM \"Sales\".stock").await;
    let refusal = db.refusal(SEAL).await;
    assert_eq!(refusal.code, "WF007");
    assert!(refusal.message.contains("p1: the effect of seal touched no row"), "{refusal:?}");
    assert_eq!(db.text("SELECT state FROM \"Sales\".\"user\"").await, "open");
}

#[tokio::test]
async fn an_effect_that_may_touch_nothing_says_so() {
    let db = parcel().await;
    db.run(SEAL).await;
    db.run("DELETE FROM \"Sales\".ledger; SELECT \"Sales\".user_carried('p1')").await;
    assert_eq!(last(&db).await, "carried/gone/-");
    assert_eq!(jobs(&db).await, "task:greet@1");
}

#[tokio::test]
async fn an_effect_does_not_move_its_own_instance() {
    let db = parcel().await;
    assert_eq!(db.code("SELECT \"Sales\".user_twist('p1')").await, "WF006");
}

#[tokio::test]
async fn a_guard_speaks_of_the_row_before_and_of_parameters() {
    let db = parcel().await;
    assert_eq!(db.code("SELECT \"Sales\".user_weigh('p1', 5.4, 3)").await, "WF004");
    db.run("SELECT \"Sales\".user_weigh('p1', 150, 3)").await;
    assert_eq!(last(&db).await, r#"weigh/open/{"note": null, "parts": 3, "weight": 150.00}"#);
    let refusal = db.refusal(SEAL).await;
    assert_eq!(refusal.code, "WF004");
    assert!(refusal.message.contains("p1 is open: seal is blocked"), "{refusal:?}");
    assert!(refusal.hint.contains("parts > 0 AND weight < 100"), "{refusal:?}");
    db.run("UPDATE \"Sales\".\"user\" SET weight = 10").await;
    db.run(SEAL).await;
}

#[tokio::test]
async fn a_timer_follows_its_field_and_ends_with_it() {
    let db = parcel().await;
    let due = "SELECT run_at::date - now()::date FROM \"Sales\".user_jobs WHERE job = 'overdue'";
    db.run("SELECT \"Sales\".user_plan('p1', now() + interval '9 days')").await;
    assert_eq!(db.text(due).await, "9");
    db.run("UPDATE \"Sales\".\"user\" SET due = now() + interval '4 days'").await;
    assert_eq!(db.text(due).await, "4");
    assert_eq!(jobs(&db).await, "task:greet@1 timer:nudge@1 timer:overdue@1");
    db.run("SELECT \"Sales\".user_plan('p1', NULL)").await;
    assert_eq!(jobs(&db).await, "task:greet@1 timer:nudge@1");
    db.run("SELECT \"Sales\".user_plan('p1', now())").await;
    assert_eq!(jobs(&db).await, "task:greet@1 timer:nudge@1 timer:overdue@4");
    db.run("SELECT \"Sales\".user_overdue('p1')").await;
    assert_eq!(jobs(&db).await, "task:greet@1 task:tell@5 timer:nudge@1");
    db.run("UPDATE \"Sales\".\"user\" SET due = NULL").await;
    db.run("SELECT \"Sales\".user_wait('p1', now() + interval '1 hour')").await;
    assert_eq!(jobs(&db).await, "task:count@6 task:greet@1 task:tell@5 task:tell@6 timer:resume@6");
    db.run("SELECT \"Sales\".user_resume('p1')").await;
    assert_eq!(jobs(&db).await, "task:count@6 task:greet@1 task:tell@5 task:tell@6 timer:nudge@7");
}

#[tokio::test]
async fn what_an_internal_transition_finishes_comes_back_with_the_state() {
    let db = parcel().await;
    db.run("UPDATE \"Sales\".\"user\" SET due = NULL").await;
    db.run("SELECT \"Sales\".user_nudge('p1')").await;
    assert_eq!(jobs(&db).await, "task:greet@1");
    db.run(SEAL).await;
    db.run("SELECT \"Sales\".user_scanned('p1')").await;
    assert_eq!(jobs(&db).await, "activity:carry@3 task:greet@1 timer:nudge@3");
    db.run("SELECT \"Sales\".user_refused('p1')").await;
    assert_eq!(jobs(&db).await, "task:greet@1 timer:nudge@5");
    db.run(SEAL).await;
    assert_eq!(jobs(&db).await, "activity:carry@6 activity:scan@6 task:greet@1 timer:nudge@6");
}

#[tokio::test]
async fn an_external_self_transition_enters_anew() {
    let db = parcel().await;
    db.run("SELECT \"Sales\".user_wait('p1', now() + interval '1 hour')").await;
    db.run("SELECT \"Sales\".user_wait('p1', now() + interval '2 hours')").await;
    assert_eq!(jobs(&db).await, "task:count@2 task:greet@1 task:tell@2 timer:resume@3");
}

#[tokio::test]
async fn a_function_takes_the_lines_it_may_and_names_the_others() {
    let db = parcel().await;
    let refusal = db.refusal("SELECT \"Sales\".user_lose('p1')").await;
    assert_eq!(refusal.code, "WF005");
    assert!(refusal.message.contains("p1 is open: lose has an effect in the application there"), "{refusal:?}");
    db.run(SEAL).await;
    db.run("SELECT \"Sales\".user_lose('p1')").await;
    assert_eq!(last(&db).await, r#"lose/lost/{"why": "on the way", "blob": "\\x00ff"}"#);
    assert_eq!(db.text("SELECT slip IS NULL AND raw IS NULL FROM \"Sales\".\"user\"").await, "true");
    assert_eq!(db.code("SELECT \"Sales\".user_lose('p1')").await, "WF001");
}

#[tokio::test]
async fn a_constant_reaches_the_row_as_it_was_written() {
    let db = parcel().await;
    db.run("UPDATE \"Sales\".\"user\" SET state = 'lost', event = 'lose', version = 2, keyed = 2, entered_at = now(), why = 'w', blob = '\\x'").await;
    assert_eq!(db.text("SELECT blob = '\\x' FROM \"Sales\".\"user\"").await, "true");
    assert_eq!(db.text("SELECT count(*) FROM workflow.edges WHERE workflow = 'it''s 100% a parcel'").await, "22");
}

#[tokio::test]
async fn unique_fields_are_unique_among_those_that_have_them() {
    let db = parcel().await;
    let second = "INSERT INTO \"Sales\".\"user\" (\"Code\", sku, weight, parts, \"order\") VALUES ('p2', 'b', 1, 1, '{}')";
    assert_eq!(db.code(&second.replace("'b'", "'a'")).await, "23505");
    db.run(second).await;
    db.run("INSERT INTO \"Sales\".stock VALUES ('b', 1)").await;
    db.run(SEAL).await;
    assert_eq!(db.code(&SEAL.replace("p1", "p2")).await, "23505");
}

#[tokio::test]
async fn an_optional_field_may_be_missing_in_its_states_only() {
    let db = parcel().await;
    db.run("SELECT \"Sales\".user_wait('p1', now())").await;
    assert_eq!(db.code("SELECT \"Sales\".user_wait('p1', NULL)").await, "23514");
    let elsewhere = "UPDATE \"Sales\".\"user\" SET state = 'lost', event = 'lose', version = version + 1, entered_at = now(), until = NULL, why = 'w', blob = '\\x', note = 'n'";
    assert_eq!(db.code(elsewhere).await, "23514");
}
