//! The database in which something is proved: looked at as a whole, and brought back to what it was.
//!
//! Each stop of a proof begins with the same rows. They are kept in a schema beside, and put back where they have changed: for that nobody
//! has to disconnect, as for a copy of the whole database.

use crate::picture::{Mask, Picture};
use crate::step::Made;
use crate::subject::{Asked, Invariant, Provable, Subject};
use crate::unproved::{Broken, Unproved};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::fmt::Write;
use std::time::{Duration, Instant};
use workflow_runtime::Runtime;

/// How long to wait for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A subject at work: its database, and a runtime that nothing disturbs.
pub(crate) struct Stage<'s, W, A> {
    pub(crate) subject: &'s Subject<W, A>,
    pub(crate) runtime: Runtime<A>,
    pub(crate) connection: PgConnection,
    tables: Vec<Table>,
    /// The statement that reads all rows.
    all: String,
    base: Kept,
    /// Times and numbers from sequences.
    wild: Mask,
    schemas: usize,
    /// The test's own connections, which were there before.
    others: Vec<i32>,
}

struct Table {
    name: String,
    columns: String,
}

/// Rows that can be had back.
pub(crate) struct Kept {
    schema: String,
    pub(crate) picture: Picture,
}

impl<'s, W: Provable<A>, A: Send + Sync + 'static> Stage<'s, W, A> {
    pub(crate) async fn set(subject: &'s Subject<W, A>) -> Result<Self, Unproved> {
        let mut connection = subject.database.connect().await?;
        let others = sqlx::query_scalar("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
            .fetch_all(&mut connection)
            .await?;
        let (mut tables, mut wild) = (Vec::new(), Mask::default());
        for row in sqlx::query(include_str!("sql/tables.sql")).fetch_all(&mut connection).await? {
            let table = Table { name: row.try_get("name")?, columns: row.try_get("columns")? };
            row.try_get::<Vec<String>, _>("wild")?.iter().for_each(|column| wild.add(&table.name, column));
            tables.push(table);
        }
        let rows = tables.iter().enumerate().map(|(n, table)| format!("SELECT {n}, to_jsonb(t) FROM {} t", table.name));
        let all = rows.collect::<Vec<_>>().join(" UNION ALL ");
        let runtime = subject.connect(subject.database.url()).await?;
        let base = Kept { schema: String::new(), picture: Picture::default() };
        let mut stage = Stage { subject, runtime, connection, tables, all, base, wild, schemas: 0, others };
        stage.base = stage.keep().await?;
        Ok(stage)
    }

    /// All rows, as they are now.
    pub(crate) async fn look(&mut self) -> Result<Picture, Unproved> {
        let mut picture = Picture::default();
        for row in sqlx::query(AssertSqlSafe(self.all.as_str())).fetch_all(&mut self.connection).await? {
            if let Value::Object(columns) = row.try_get(1)? {
                picture.add(&self.tables[usize::try_from(row.try_get::<i32, _>(0)?).unwrap_or_default()].name, columns);
            }
        }
        Ok(picture.without(&self.subject.ignored).sorted())
    }

    /// Keeps the rows that are there now.
    pub(crate) async fn keep(&mut self) -> Result<Kept, Unproved> {
        self.schemas += 1;
        let schema = format!("workflow_proof_{}", self.schemas);
        let mut text = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        for (n, table) in self.tables.iter().enumerate() {
            let _ = write!(text, "; CREATE TABLE {schema}.t{n} AS SELECT {} FROM {}", table.columns, table.name);
        }
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut self.connection).await?;
        Ok(Kept { schema, picture: self.look().await? })
    }

    /// Puts back what was kept, where something has changed. No trigger sees it.
    pub(crate) async fn rewind(&mut self, kept: &Kept) -> Result<(), Unproved> {
        let now = self.look().await?;
        self.rewind_from(&now, kept).await
    }

    /// The same, where it is known what is there now.
    pub(crate) async fn rewind_from(&mut self, now: &Picture, kept: &Kept) -> Result<(), Unproved> {
        let changed = now.changed(&kept.picture);
        let mut text = "BEGIN; SET LOCAL session_replication_role = replica".to_owned();
        for (n, Table { name, columns }) in self.tables.iter().enumerate().filter(|(_, t)| changed.contains(t.name.as_str())) {
            let _ = write!(
                text,
                "; DELETE FROM {name}; INSERT INTO {name} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {}.t{n}",
                kept.schema
            );
        }
        if !changed.is_empty() {
            sqlx::raw_sql(AssertSqlSafe(text + "; COMMIT")).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// Back to what was there before the proof.
    pub(crate) async fn clear(&mut self) -> Result<(), Unproved> {
        let base = Kept { schema: self.base.schema.clone(), picture: self.base.picture.clone() };
        self.rewind(&base).await
    }

    /// An instance in a state, alone with what the test has put there.
    pub(crate) async fn bring(&mut self, state: &str) -> Result<Made<W>, Unproved> {
        self.clear().await?;
        self.subject.bring(&self.runtime, state).await
    }

    /// The difference to what is expected, where columns differ from run to run.
    pub(crate) fn mask(&self, one: &Picture, other: &Picture) -> Mask {
        let mut mask = self.wild.clone();
        mask.learn(one, other);
        mask
    }

    /// What must never be is not.
    pub(crate) async fn check_invariants(&mut self, transition: &str, place: &str) -> Result<(), Unproved> {
        for Invariant { what, asked } in &self.subject.invariants {
            let found = match asked {
                Asked::Query(sql) => first_row(&mut self.connection, sql).await?,
                Asked::Closure(look) => look(self.runtime.pool().clone()).await?,
            };
            if let Some(found) = found {
                let promise = format!("breaks what must never be: {what}");
                let [transition, place] = [transition, place].map(str::to_owned);
                return Err(Broken { transition, promise, place, found: format!("  {found}") }.into());
            }
        }
        Ok(())
    }

    /// Waits until nobody of the proof's is at work or inside a transaction; says so of one that stays there.
    pub(crate) async fn quiet(&mut self) -> Result<Option<String>, Unproved> {
        let deadline = Instant::now() + PATIENCE / 3;
        loop {
            let busy: Option<String> =
                sqlx::query_scalar(include_str!("sql/busy.sql")).bind(&self.others).fetch_optional(&mut self.connection).await?;
            if busy.is_none() || Instant::now() > deadline {
                return Ok(busy);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The database is as it was before the proof.
    pub(crate) async fn leave(mut self) -> Result<(), Unproved> {
        self.clear().await?;
        for n in 1..=self.schemas {
            let text = format!("SET client_min_messages = warning; DROP SCHEMA IF EXISTS workflow_proof_{n} CASCADE");
            sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut self.connection).await?;
        }
        self.runtime.pool().close().await;
        Ok(self.connection.close().await?)
    }
}

/// As JSON.
async fn first_row(connection: &mut PgConnection, sql: &str) -> Result<Option<String>, sqlx::Error> {
    let sql = format!("SELECT to_jsonb(found)::text FROM ({}) found LIMIT 1", sql.trim_end_matches(';'));
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_optional(connection).await
}
