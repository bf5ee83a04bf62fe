//! Rounds of random statements by every role, each in a session that goes on: what was set or hidden before stays.

use crate::rounds;
use crate::shapes::{Picks, Target};
use crate::world::{Who, World};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::collections::{BTreeMap, BTreeSet};

const ROLES: [Who; 4] = [Who::Owner, Who::App, Who::Worker, Who::Operator];

/// Whatever is sent: rows and jobs follow from history, history only grows, by steps that the declaration has, each under the role
/// that made it.
#[test]
fn random_statements_leave_only_what_the_declaration_allows() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut counted = BTreeMap::new();
    let config = Config { cases: rounds(4), failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let statements = vec((0..ROLES.len(), vec(any::<u16>(), 24)), 250);
    let counts = std::cell::RefCell::new(&mut counted);
    let outcome = runner.run(&statements, |statements| {
        runtime.block_on(round(&statements, &mut counts.borrow_mut())).map_err(TestCaseError::fail)
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    println!("{counted:?}");
    let times = |code: &str| counted.get(code).copied().unwrap_or_default();
    assert!(times("") > 50 && times("WF001") > 50 && times("42501") > 50, "they came to nothing: {counted:?}");
}

async fn round(statements: &[(usize, Vec<u16>)], counted: &mut BTreeMap<String, u32>) -> Result<(), String> {
    let world = World::new().await;
    let functions = functions(&world).await;
    let mut watch = world.connect(Who::Superuser).await;
    let mut sessions = Vec::new();
    for who in ROLES {
        let mut session = world.connect(who).await;
        let patience = "SET statement_timeout = '5s'; SET lock_timeout = '1s'";
        sqlx::raw_sql(patience).execute(&mut session).await.unwrap();
        sessions.push(session);
    }
    let mut before = history(&mut watch, &world).await;
    for (role, numbers) in statements {
        let who = ROLES[*role];
        let target = Target { who, models: [&world.order, &world.claim], functions: &functions };
        let sql = target.statement(&mut Picks(numbers.iter()));
        let code = sent(&mut sessions[*role], &sql).await;
        let after = history(&mut watch, &world).await;
        judged(who, &before, &after).map_err(|fault| format!("{fault}, after {who:?} ({code}): {sql}"))?;
        before = after;
        *counted.entry(code).or_default() += 1;
        for model in [&world.order, &world.claim] {
            let faults = crate::truth::faults(&mut watch, model).await;
            if !faults.is_empty() {
                return Err(format!("{faults:?}, after {who:?}: {sql}"));
            }
        }
    }
    for session in sessions {
        session.close().await.unwrap();
    }
    watch.close().await.unwrap();
    Ok(())
}

/// The code with which it was refused; nothing when it was not. No transaction stays open.
async fn sent(session: &mut PgConnection, sql: &str) -> String {
    let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *session).await;
    sqlx::raw_sql("ROLLBACK; DEALLOCATE ALL").execute(session).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    match result {
        Ok(_) => String::new(),
        Err(error) => error.as_database_error().and_then(|e| e.code()).unwrap_or_else(|| panic!("{error}: {sql}")).into_owned(),
    }
}

/// Nothing is gone or other than it was; what is new bears the role that sent it.
fn judged(who: Who, before: &BTreeSet<String>, after: &BTreeSet<String>) -> Result<(), String> {
    if let Some(gone) = before.difference(after).next() {
        return Err(format!("history has lost or changed {gone}"));
    }
    let role = format!("\"role\": \"hostile_{}\"", format!("{who:?}").to_lowercase());
    match after.difference(before).find(|new| !new.contains(&role)) {
        Some(new) => Err(format!("not under its role: {new}")),
        None => Ok(()),
    }
}

async fn history(watch: &mut PgConnection, world: &World) -> BTreeSet<String> {
    let tables = [&world.order, &world.claim].map(|m| format!("SELECT to_jsonb(h)::text FROM {} h", m.history()));
    let rows = sqlx::query_scalar(AssertSqlSafe(tables.join(" UNION ALL "))).fetch_all(watch).await.unwrap();
    rows.into_iter().collect()
}

/// All functions that are not PostgreSQL's, with the types of their arguments.
async fn functions(world: &World) -> Vec<(String, Vec<String>)> {
    let sql = "SELECT p.oid::regproc::text AS name, array(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t) AS types \
               FROM pg_proc p WHERE pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) ORDER BY 1, 2";
    let rows = sqlx::query(sql).fetch_all(&mut world.connect(Who::Superuser).await).await.unwrap();
    rows.iter().map(|row| (row.get("name"), row.get("types"))).collect()
}
