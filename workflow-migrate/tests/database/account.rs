//! The adoption of a table that was there before.

use crate::models;
use crate::support::{Db, migrator};

/// A table with rows, and a status of its own.
pub(crate) const BEFORE: &str = "CREATE TABLE accounts (number bigint PRIMARY KEY, email text NOT NULL UNIQUE, status text NOT NULL, since date); \
    INSERT INTO accounts VALUES (1, 'a', 'fresh', NULL), (2, 'b', 'active', '2020-01-02')";

#[tokio::test]
async fn rows_become_instances_with_history_and_jobs() {
    let db = Db::with(&models::account(), BEFORE).await;
    assert_eq!(db.list("SELECT state || version || event FROM accounts ORDER BY number").await, "fresh1adopt active1adopt");
    let history = "SELECT format('%s/%s/%s/%s', id, event, to_state, data) FROM accounts_history ORDER BY id";
    assert_eq!(db.list(history).await, r#"1/adopt/fresh/{"email": "a"} 2/adopt/active/{"email": "b", "since": "2020-01-02"}"#);
    assert_eq!(db.list("SELECT id || kind || job FROM accounts_jobs ORDER BY 1").await, "1timerforget 2activitycheck");
    db.run("SELECT accounts_activate(1, '2024-01-01'); SELECT accounts_close(2, 'moved')").await;
    assert_eq!(db.list("SELECT state FROM accounts ORDER BY number").await, "active closed");
    db.run("INSERT INTO accounts (number, email, status) VALUES (3, 'c', 'fresh')").await;
    assert_eq!(db.list("SELECT id || kind || job FROM accounts_jobs ORDER BY 1").await, "1activitycheck 3timerforget");
}

#[tokio::test]
async fn an_adoption_is_undone_with_the_rows_kept() {
    let db = Db::with(&models::account(), BEFORE).await;
    migrator(&models::account()).undo(&db.pool, 0).await.unwrap();
    let columns = "SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'accounts'::regclass AND attnum > 0 AND NOT attisdropped";
    assert_eq!(db.text(columns).await, "number,email,status,since");
    assert_eq!(db.text("SELECT count(*) FROM accounts").await, "2");
}

#[tokio::test]
async fn an_adoption_is_not_undone_when_rows_have_moved_since() {
    let db = Db::with(&models::account(), BEFORE).await;
    db.run("SELECT accounts_activate(1, '2024-01-01'); SELECT accounts_close(2, 'moved')").await;
    let error = migrator(&models::account()).undo(&db.pool, 0).await.unwrap_err().to_string();
    assert!(error.contains("public.accounts_history has 2 steps since the adoption"), "{error}");
    assert_eq!(db.list("SELECT state || status FROM accounts ORDER BY number").await, "activefresh closedactive");

    // As the hint says.
    db.run("UPDATE accounts SET status = state").await;
    db.run("ALTER TABLE public.accounts_history DISABLE TRIGGER USER; TRUNCATE public.accounts_history").await;
    // Not by way of sqlx: a migration that failed leaves its session's lock behind.
    db.run(&workflow_migrate::first_migration(&models::account()).down).await;
    assert_eq!(db.list("SELECT status FROM accounts ORDER BY number").await, "active closed");
}

#[tokio::test]
async fn a_table_that_is_not_as_declared_is_refused_with_what_is_wrong() {
    for (change, said) in [
        ("ALTER TABLE accounts DROP COLUMN email", "public accounts email (is not there)"),
        ("ALTER TABLE accounts ALTER email TYPE varchar", "email (is character varying, not text)"),
        ("ALTER TABLE accounts ALTER email DROP NOT NULL", "email (may be NULL)"),
        ("ALTER TABLE accounts DROP CONSTRAINT accounts_email_key", "email (is not unique)"),
        ("ALTER TABLE accounts DROP CONSTRAINT accounts_pkey", "number (is not unique)"),
        ("ALTER TABLE accounts DROP COLUMN status", "status (is not there)"),
        ("ALTER TABLE accounts ADD version text", "accounts.version is text, not bigint"),
        (
            "INSERT INTO accounts VALUES (3, 'c', 'odd', NULL), (4, 'd', 'odd', NULL)",
            "public.accounts.status has values that are no state: odd (2 rows)",
        ),
        ("UPDATE accounts SET since = NULL", "public.accounts.since is missing in 1 rows of its states, and there in 0 rows"),
        ("UPDATE accounts SET since = now()", "public.accounts.since is missing in 0 rows of its states, and there in 1 rows"),
    ] {
        let db = Db::empty().await;
        db.run(BEFORE).await;
        db.run(change).await;
        let error = migrator(&models::account()).run(&db.pool).await.unwrap_err().to_string();
        let said = said.trim_start_matches("public accounts ");
        assert!(error.contains(said), "{change}\n{error}");
    }
}
