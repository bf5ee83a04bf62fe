//! A walk over the order workflow in raw SQL.

use crate::models;
use crate::support::Db;

/// An order that is placed.
pub(crate) fn placed(n: u32) -> String {
    format!("INSERT INTO orders (id, customer_id, sku, quantity) VALUES ({}, gen_random_uuid(), 'a', 2)", id(n))
}

fn id(n: u32) -> String {
    format!("'00000000-0000-0000-0000-{n:012}'::uuid")
}

/// A transition as the runtime sends it, with the mark and a key.
fn fired(n: u32, to: &str, event: &str, rest: &str) -> String {
    format!(
        "UPDATE orders SET state = '{to}', event = '{event}', version = version + 1, entered_at = now(), actor = 'ann', \
         key = '10000000-0000-0000-0000-000000000001', keyed = version + 1 {rest} WHERE id = {}",
        id(n)
    )
}

/// The same from a client without a mark.
fn raw(n: u32, to: &str, event: &str, rest: &str) -> String {
    format!(
        "UPDATE orders SET state = '{to}', event = '{event}', version = version + 1, entered_at = now() {rest} WHERE id = {}",
        id(n)
    )
}

async fn jobs(db: &Db, n: u32) -> String {
    db.list(&format!("SELECT kind || ':' || job || '@' || version FROM orders_jobs WHERE id = {} ORDER BY 1", id(n))).await
}

#[tokio::test]
async fn the_legal_way_leaves_history_and_jobs() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    assert_eq!(jobs(&db, 1).await, "timer:expire@1");
    assert_eq!(
        db.text("SELECT run_at - now() BETWEEN interval '29 minutes' AND interval '30 minutes' FROM orders_jobs").await,
        "true"
    );
    db.run(&format!("SELECT orders_change_quantity({}, 5)", id(1))).await;
    assert_eq!(jobs(&db, 1).await, "timer:expire@1", "internal: the timer goes on");
    db.run(&fired(1, "reserved", "reserve", ", warehouse = 'north'")).await;
    assert_eq!(jobs(&db, 1).await, "activity:book_courier@3");
    db.run(&format!("SET workflow.actor = 'psql'; SELECT orders_ship({}, 'T1')", id(1))).await;
    assert_eq!(jobs(&db, 1).await, "task:send_tracking@4");
    db.run(&format!("SET workflow.actor = ''; SELECT orders_deliver({})", id(1))).await;
    assert_eq!(jobs(&db, 1).await, "task:send_tracking@4", "tasks stay");
    let history = "SELECT format('%s:%s>%s/%s/%s/%s', event, from_state, to_state, data - 'customer_id', actor, key IS NOT NULL) \
                   FROM orders_history ORDER BY version";
    assert_eq!(
        db.list(history).await.replace("\": ", "\":").replace(", \"", ",\""),
        r#"create:>placed/{"sku":"a","quantity":2}//f change_quantity:placed>placed/{"quantity":5}//f reserve:placed>reserved/{"warehouse":"north"}/ann/t ship:reserved>shipped/{"tracking":"T1"}/psql/f deliver:shipped>delivered///f"#
    );
    assert_eq!(db.text("SELECT role = session_user FROM orders_history WHERE version = 1").await, "true");
}

#[tokio::test]
async fn what_is_no_transition_is_refused() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    for sql in [
        raw(1, "shipped", "ship", ", tracking = 'T'"),
        raw(1, "delivered", "deliver", ""),
        raw(1, "placed", "force", ""),
        raw(1, "cancelled", "expire", ", reason = 'x'").replace("version + 1", "version + 2"),
        raw(1, "cancelled", "expire", ", reason = 'x', id = gen_random_uuid()"),
        raw(1, "cancelled", "expire", ", reason = 'x'").replace("now()", "now() - interval '1 day'"),
        "UPDATE orders SET state = 'cancelled', reason = 'x'".to_owned(),
        "UPDATE orders SET id = gen_random_uuid()".to_owned(),
        "UPDATE orders SET entered_at = now() - interval '1 day'".to_owned(),
        "UPDATE orders SET actor = 'eve'".to_owned(),
        "UPDATE orders SET keyed = 1".to_owned(),
        format!("SELECT orders_deliver({})", id(1)),
        format!("SELECT orders_deliver({})", id(9)),
    ] {
        assert_eq!(db.code(&sql).await, "WF001", "{sql}");
    }
    let refusal = db.refusal(&raw(1, "delivered", "deliver", "")).await;
    assert!(refusal.message.ends_with("is placed: deliver -> delivered is not a transition"), "{refusal:?}");
    let refusal = db.refusal(&format!("SELECT orders_deliver({})", id(9))).await;
    assert!(refusal.message.ends_with("is not there: deliver is not possible"), "{refusal:?}");
    db.run("UPDATE orders SET quantity = 3, sku = 'b'").await;
    assert_eq!(db.text("SELECT count(*) FROM orders_history").await, "1", "common fields are the application's own");
}

#[tokio::test]
async fn an_illegal_start_is_refused() {
    let db = Db::with(&models::order(), "").await;
    for (columns, values) in [
        ("state, reason", "'cancelled', 'x'"),
        ("event", "'reserve'"),
        ("version", "2"),
        ("entered_at", "now() - interval '1 day'"),
    ] {
        let sql = placed(1).replace("quantity)", &format!("quantity, {columns})")).replace("2)", &format!("2, {values})"));
        assert_eq!(db.code(&sql).await, "WF002", "{sql}");
    }
}

#[tokio::test]
async fn history_stays_as_it_was_written() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    for sql in [
        "INSERT INTO orders_history (id, version, event, to_state) VALUES (gen_random_uuid(), 1, 'create', 'placed')",
        "UPDATE orders_history SET actor = 'eve'",
        "DELETE FROM orders_history",
        "TRUNCATE orders_history",
        "TRUNCATE orders",
    ] {
        assert_eq!(db.code(sql).await, "WF003", "{sql}");
    }
}

/// The owner's own trigger on another table, which runs at depth 1 as ours do.
#[tokio::test]
async fn history_is_not_forged_from_within_a_trigger() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    for forgery in [
        "INSERT INTO orders_history (id, version, event, to_state) SELECT id, 2, 'reserve', 'reserved' FROM orders",
        "INSERT INTO orders_history (id, version, event, to_state) VALUES (gen_random_uuid(), 1, 'create', 'placed')",
        "DELETE FROM orders_history",
        "UPDATE orders_history SET actor = 'eve'",
    ] {
        db.run(&format!(
            "DROP TABLE IF EXISTS door; CREATE TABLE door (x int); \
             CREATE OR REPLACE FUNCTION forge() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN {forgery}; RETURN NEW; END $f$; \
             CREATE TRIGGER forge BEFORE INSERT ON door FOR EACH ROW EXECUTE FUNCTION forge()"
        ))
        .await;
        assert_eq!(db.code("INSERT INTO door VALUES (1)").await, "WF003", "{forgery}");
    }
}

#[tokio::test]
async fn an_effect_in_the_application_is_not_skipped() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    let refusal = db.refusal(&raw(1, "reserved", "reserve", ", warehouse = 'w'")).await;
    assert_eq!(refusal.code, "WF005");
    assert!(refusal.hint.contains("force"), "{refusal:?}");
    // A mark that is left over from another version is none.
    db.run(&fired(1, "reserved", "reserve", ", warehouse = 'w'")).await;
    assert_eq!(db.code(&raw(1, "cancelled", "cancel", ", warehouse = NULL, reason = 'r'")).await, "WF005");
    assert_eq!(db.text("SELECT count(*) FROM pg_proc WHERE proname = 'orders_cancel'").await, "0");
}

#[tokio::test]
async fn a_row_is_one_variant_of_the_enum() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    assert_eq!(db.code(&fired(1, "reserved", "reserve", "")).await, "23514", "a field is missing");
    assert_eq!(db.code(&fired(1, "cancelled", "cancel", ", reason = 'r', tracking = 't'")).await, "23514", "one too many");
}

#[tokio::test]
async fn force_repairs_with_a_reason_and_within_the_checks() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    let force = |rest: &str| format!("SELECT orders_force({}, {rest})", id(1));
    assert_eq!(db.code(&force("'lost', '{}', 'r'")).await, "22023");
    assert_eq!(db.code(&force("NULL, '{}', 'r'")).await, "22023");
    assert_eq!(db.code(&force("'reserved', '{\"ware\": 1}', 'r'")).await, "22023");
    assert_eq!(db.code(&force("'reserved', '{}', 'r'")).await, "23514");
    assert_eq!(db.code(&format!("SELECT orders_force({}, 'placed', '{{}}', 'r')", id(9))).await, "P0002");
    db.run(&force("'reserved', '{\"warehouse\": \"south\"}', 'phone call'")).await;
    db.run(&force("'reserved', '{\"warehouse\": \"north\"}', 'second call'")).await;
    assert_eq!(db.code(&force("'placed', NULL, NULL")).await, "22023", "a repair says why");
    db.run(&force("'placed', NULL, 'third'")).await;
    assert_eq!(
        db.list("SELECT coalesce(note, '-') FROM orders_history ORDER BY version").await,
        "- phone call second call third"
    );
    assert_eq!(db.text("SELECT count(*) FROM workflow.edges WHERE event = 'force'").await, "0");
    assert_eq!(db.text("SELECT warehouse IS NULL AND version = 4 FROM orders").await, "true");
    assert_eq!(jobs(&db, 1).await, "timer:expire@4");
}

#[tokio::test]
async fn a_key_takes_effect_once_and_can_be_ruled_out() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    let (key, other) = ("'10000000-0000-0000-0000-000000000001'", "'20000000-0000-0000-0000-000000000002'");
    db.run(&fired(1, "reserved", "reserve", ", warehouse = 'w'")).await;
    assert_eq!(db.text(&format!("SELECT orders_done({}, {key})", id(1))).await, "true");
    assert_eq!(db.text(&format!("SELECT orders_done({}, {key})", id(2))).await, "false");
    assert_eq!(db.text(&format!("SELECT orders_void({}, {key})", id(1))).await, "true");
    db.run("INSERT INTO workflow.voided VALUES (gen_random_uuid(), now() - interval '2 days')").await;
    assert_eq!(db.text(&format!("SELECT orders_done({}, {other})", id(1))).await, "false");
    assert_eq!(db.text(&format!("SELECT orders_void({}, {other})", id(1))).await, "false");
    assert_eq!(db.text("SELECT count(*) FROM workflow.voided").await, "1", "old ones are gone");
    // Whoever asks or does not ask: it is the database that refuses a key that was used, or ruled out.
    let again = |key: &str| {
        fired(1, "cancelled", "cancel", ", warehouse = NULL, reason = 'r'").replace("10000000-0000-0000-0000-000000000001", key)
    };
    assert_eq!(db.code(&again("10000000-0000-0000-0000-000000000001")).await, "23505");
    assert_eq!(db.code(&again("20000000-0000-0000-0000-000000000002")).await, "WF001");
    db.run(&again("30000000-0000-0000-0000-000000000003")).await;
}

/// The race that `void` closes: the update waits for the row's lock, and is looked at when it gets it.
#[tokio::test]
async fn a_waiting_update_does_not_take_effect_after_its_key_was_ruled_out() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    let key = "'10000000-0000-0000-0000-000000000001'";
    let mut asking = db.pool.begin().await.unwrap();
    sqlx::query("SELECT FROM orders FOR UPDATE").execute(&mut *asking).await.unwrap();
    let mut waiting = db.pool.acquire().await.unwrap();
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *waiting).await.unwrap();
    let update = fired(1, "reserved", "reserve", ", warehouse = 'w'");
    let waiter = tokio::spawn(async move { sqlx::raw_sql(sqlx::AssertSqlSafe(update)).execute(&mut *waiting).await });
    while db.text(&format!("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = {pid}")).await != "true" {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let done: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT orders_void({}, {key})", id(1))))
        .fetch_one(&mut *asking)
        .await
        .unwrap();
    asking.commit().await.unwrap();
    assert!(!done);
    let refused = waiter.await.unwrap().unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("WF001"));
    assert_eq!(db.text("SELECT state FROM orders").await, "placed");
}

#[tokio::test]
async fn history_is_read_back_by_the_columns_own_casts() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    assert_eq!(db.text("SELECT (orders_recorded(data)).quantity FROM orders_history").await, "2");
    assert_eq!(db.text("SELECT (orders_recorded('{\"warehouse\": \"w\"}')).warehouse").await, "w");
    assert_eq!(db.text("SELECT orders_recorded('{\"quantity\": \"many\"}') IS NULL").await, "true");
}

#[tokio::test]
async fn a_deleted_instance_takes_history_and_jobs_with_it() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    db.run(&placed(2)).await;
    db.run(&format!("DELETE FROM orders WHERE id = {}", id(1))).await;
    assert_eq!(db.text("SELECT (SELECT count(*) FROM orders_history) || '/' || (SELECT count(*) FROM orders_jobs)").await, "1/1");
}

#[tokio::test]
async fn the_views_show_how_long_and_what_is_late() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    db.run(&format!("SELECT orders_change_quantity({}, 5)", id(1))).await;
    db.run("UPDATE orders_jobs SET run_at = now() - interval '1 hour', attempt = 3, last_error = 'no answer'").await;
    let stuck = "SELECT format('%s/%s/%s/%s', state, late_jobs, attempts, last_error) FROM orders_stuck";
    assert_eq!(db.list(stuck).await, "placed/1/3/no answer");
    db.run(&format!("SELECT orders_expire({})", id(1))).await;
    assert_eq!(db.list(stuck).await, "");
    let timeline = "SELECT format('%s/%s/%s', state, event, left_at IS NOT NULL) FROM orders_timeline ORDER BY version";
    assert_eq!(db.list(timeline).await, "placed/create/t cancelled/expire/f");
}

#[tokio::test]
async fn a_tolerated_edge_passes_with_a_warning_or_not_at_all() {
    let db = Db::with(&models::order(), "").await;
    db.run(&placed(1)).await;
    db.run("INSERT INTO workflow.edges VALUES ('order', 'placed', 'lose', 'cancelled', 'warn')").await;
    db.run(&raw(1, "cancelled", "lose", ", reason = 'r'")).await;
    assert_eq!(db.text("SELECT event FROM orders").await, "lose");
}

#[tokio::test]
async fn a_temporary_table_does_not_shadow_ours() {
    let db = Db::with(&models::order(), "").await;
    db.run(&format!(
        "CREATE TEMPORARY TABLE orders_history (LIKE public.orders_history); CREATE TEMPORARY TABLE orders_jobs (LIKE public.orders_jobs); \
         {}; SELECT orders_expire({}); DROP TABLE pg_temp.orders_history, pg_temp.orders_jobs",
        placed(1),
        id(1)
    ))
    .await;
    assert_eq!(db.text("SELECT count(*) FROM orders_history").await, "2");
}
