//! Bugs in statements, planted as they go out: the texts are the macro's, or stand in `sql/`.

use super::{Bug, abort, planted, strikes};
use chrono::{TimeDelta, Utc};
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// A statement as the bug of this process has it sent.
pub(crate) fn rewritten(sql: SqlStr) -> SqlStr {
    let Some(bug) = planted().filter(|bug| is_meant(*bug, sql.as_str())) else { return sql };
    let wrong = wrong(bug, sql.as_str());
    let wrong = wrong.unwrap_or_else(|| abort(&format!("{} is not planted in\n{}", bug.name(), sql.as_str())));
    strikes(bug);
    AssertSqlSafe(wrong).into_sql_str()
}

/// Whether the bug is about statements like this one, which is told by something else than the text that it changes.
fn is_meant(bug: Bug, sql: &str) -> bool {
    match bug {
        Bug::NoFencing => ends_a_job(sql),
        // A task's end and a creation have no instance to lock.
        Bug::FenceByExists | Bug::JobBeforeInstance => ends_a_job(sql) && sql.contains(" FOR NO KEY UPDATE"),
        Bug::NoKeyLookUp | Bug::OnceByNotExists => sql.contains("_done("),
        Bug::LeaseByClient => sql.starts_with("WITH wanted AS "),
        Bug::LookUpWithoutLock | Bug::LookUpOnly | Bug::PlainBegin | Bug::PlainCommit | Bug::EffectOutside => false,
    }
}

/// It is this attempt's, and goes.
fn ends_a_job(sql: &str) -> bool {
    sql.contains("DELETE FROM ") && sql.contains("attempt")
}

/// None: the text that it changes is not there.
fn wrong(bug: Bug, sql: &str) -> Option<String> {
    match bug {
        Bug::NoFencing => FENCES.iter().find_map(|fence| instead(sql, &format!(" AND {fence}"), "")),
        Bug::FenceByExists => seen(sql),
        Bug::JobBeforeInstance => {
            [" FOR NO KEY UPDATE OF i", " FOR NO KEY UPDATE"].iter().find_map(|lock| instead(sql, lock, ""))
        }
        Bug::NoKeyLookUp => {
            let (before, _, after) = asked(sql)?;
            Some(format!("{before}true{after}"))
        }
        Bug::OnceByNotExists => {
            let (before, (table, id, key), after) = asked(sql)?;
            let exists = format!("EXISTS (SELECT FROM {table}_history x WHERE x.id = {id} AND x.key = {key})");
            Some(format!("{before}NOT {exists}{after}"))
        }
        Bug::LeaseByClient => {
            let now = (Utc::now() - TimeDelta::hours(1)).to_rfc3339();
            instead(sql, "SET run_at = now() +", &format!("SET run_at = timestamptz '{now}' +"))
        }
        Bug::LookUpWithoutLock | Bug::LookUpOnly | Bug::PlainBegin | Bug::PlainCommit | Bug::EffectOutside => None,
    }
}

/// What tells an attempt from all others, as it is written.
const FENCES: [&str; 4] = ["j.attempt = $5", "j.attempt = l.attempt", "v.attempt = j.attempt", "attempt = $5"];

/// The job is looked for as it was when the statement began.
fn seen(sql: &str) -> Option<String> {
    let (_, jobs) = sql.split_once("DELETE FROM ")?;
    let (jobs, _) = jobs.split_once(" j USING ")?;
    let fence = FENCES.iter().find(|fence| sql.contains(**fence))?;
    let (_, attempt) = fence.split_once(" = ")?;
    let (this, that) = ("(e.id, e.version, e.kind, e.job, e.attempt)", format!("(j.id, j.version, j.kind, j.job, {attempt})"));
    instead(sql, fence, &format!("EXISTS (SELECT FROM {jobs} e WHERE {this} = {that})"))
}

/// `NOT orders_done(o.id, $4::uuid)`: what stands before it, the table, the instance and the key in it, and what stands behind it.
fn asked(sql: &str) -> Option<(&str, (&str, &str, &str), &str)> {
    let (before, rest) = sql.split_once("_done(")?;
    let (before, table) = before.rsplit_once("NOT ")?;
    let (arguments, after) = rest.split_once(')')?;
    let (id, key) = arguments.split_once(", ")?;
    Some((before, (table, id, key), after))
}

fn instead(sql: &str, text: &str, by: &str) -> Option<String> {
    sql.contains(text).then(|| sql.replacen(text, by, 1))
}
