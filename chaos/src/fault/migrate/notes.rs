//! Who writes notes meanwhile: programs of either version, by the functions in the database.

use fastrand::Rng;
use sqlx::postgres::{PgPool, PgPoolOptions};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use uuid::Uuid;

/// Notes that there are.
const NOTES: u128 = 40;

/// One version's way to move a note. Who did it is in history.
const BEFORE: [&str; 4] = ["notes_edit($1, 'x')", "notes_send($1, 'you')", "notes_take_back($1)", "notes_edit($1, 'y')"];
const AFTER: [&str; 6] = [
    "notes_edit($1, 'x')",
    "notes_post($1, 'you')",
    "notes_take_back($1)",
    "notes_rate($1, 5)",
    "notes_keep($1)",
    "notes_fetch($1)",
];

#[derive(Debug)]
pub(super) struct Writers {
    pool: PgPool,
    names: AtomicU64,
    /// Which versions are at work.
    pub(super) before: AtomicBool,
    pub(super) after: AtomicBool,
    pub(super) over: AtomicBool,
    told: Mutex<Told>,
}

/// What they were told.
#[derive(Debug, Default, Clone)]
pub(super) struct Told {
    /// Instance, version, actor.
    pub(super) made: Vec<(Uuid, i64, String)>,
    /// What no caller should ever see.
    pub(super) broken: Vec<String>,
}

impl Writers {
    pub(super) fn new(url: &str) -> Result<Writers, sqlx::Error> {
        let pool = PgPoolOptions::new().max_connections(3).connect_lazy(url)?;
        let [before, after, over] = [false; 3].map(AtomicBool::new);
        Ok(Writers { pool, names: AtomicU64::new(0), before, after, over, told: Mutex::default() })
    }

    pub(super) async fn write(&self, mut random: Rng) {
        while !self.over.load(Ordering::Relaxed) {
            let (before, after) = (self.before.load(Ordering::Relaxed), self.after.load(Ordering::Relaxed));
            match (before, after) {
                (true, true) if random.bool() => self.step(&BEFORE, &mut random).await,
                (_, true) => self.step(&AFTER, &mut random).await,
                (true, false) => self.step(&BEFORE, &mut random).await,
                (false, false) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
            }
        }
    }

    async fn step(&self, ways: &[&'static str], random: &mut Rng) {
        let (id, way) = (Uuid::from_u128(random.u128(..NOTES)), ways[random.usize(..ways.len())]);
        let name = format!("writer {}", self.names.fetch_add(1, Ordering::Relaxed));
        let insert = "INSERT INTO notes (id, body) VALUES ($1, '') ON CONFLICT DO NOTHING";
        let _ = sqlx::query(insert).bind(id).execute(&self.pool).await;
        let sql = format!(
            "WITH a AS MATERIALIZED (SELECT set_config('workflow.actor', $2, true) v) SELECT ({way}).version FROM a WHERE v IS NOT NULL"
        );
        let moved = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql)).bind(id).bind(&name).fetch_one(&self.pool).await;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        match moved {
            Ok(version) => told.made.push((id, version, name)),
            Err(error) if is_usual(&error) => {}
            Err(error) => told.broken.push(format!("{way}: {error}")),
        }
    }

    pub(super) fn told(&self) -> Told {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// It is elsewhere; or it is the server, the connection or a lock that is missing, which other faults see to.
fn is_usual(error: &sqlx::Error) -> bool {
    let Some(error) = error.as_database_error() else { return true };
    let code = error.code().unwrap_or_default();
    ["WF001", "40P01", "55P03", "57", "08", "53", "58", "25006"].iter().any(|usual| code.starts_with(usual))
}
