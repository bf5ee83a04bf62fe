//! A database with one of everything, and what a statement does in it.

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Row};
use std::collections::BTreeMap;
use workflow_explain::Mode;
use workflow_testing::Database;

pub(crate) const SETUP: &str = "
    CREATE TABLE b (id int PRIMARY KEY, n int);
    CREATE TABLE a (id int PRIMARY KEY, n int, t varchar(9), gone int, proven int, b int DEFAULT 1,
                    CONSTRAINT a_proven CHECK (proven IS NOT NULL),
                    CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b);
    ALTER TABLE a ADD CONSTRAINT a_n CHECK (n > 0) NOT VALID;
    ALTER TABLE a ADD CONSTRAINT a_b_later FOREIGN KEY (b) REFERENCES b NOT VALID;
    INSERT INTO b VALUES (1, 1); INSERT INTO a VALUES (1, 1, 'x', 1, 1, 1), (2, 2, 'y', 2, 2, 1);
    CREATE INDEX i ON a (n); CREATE UNIQUE INDEX u ON a (n); CREATE UNIQUE INDEX u2 ON a (id);
    CREATE VIEW v AS SELECT id FROM a; CREATE SEQUENCE s; CREATE DOMAIN d AS int; CREATE TYPE e AS ENUM ('x');
    CREATE MATERIALIZED VIEW m AS SELECT id FROM a; CREATE UNIQUE INDEX m_id ON m (id);
    CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
    CREATE TABLE q (id int); INSERT INTO q VALUES (10);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE FUNCTION stop() RETURNS void LANGUAGE sql AS '';
    CREATE TRIGGER tr AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
    CREATE RULE ru AS ON DELETE TO b DO ALSO NOTIFY b; CREATE POLICY po ON a;
    CREATE TABLE identity (id int GENERATED ALWAYS AS IDENTITY, k int NOT NULL);
    CREATE TABLE other (id int); CREATE SCHEMA elsewhere; CREATE EXTENSION btree_gist;";

/// What one relation met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) relation: String,
    kind: String,
    /// The table of an index.
    pub(crate) table: Option<String>,
    oid: i64,
    filenode: Option<i64>,
    scans: i64,
}

/// Of each relation that was there before the statement: its strongest lock, and whether it was read or written anew.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) modes: BTreeMap<String, Mode>,
    pub(crate) tables: Vec<String>,
    pub(crate) indexes: BTreeMap<String, String>,
    pub(crate) scanned: bool,
    pub(crate) rewritten: bool,
}

pub(crate) struct World {
    pub(crate) pool: PgPool,
    _database: Database,
}

impl World {
    pub(crate) async fn new() -> World {
        let database = Database::create().await.unwrap();
        let pool = database.pool().await.unwrap();
        sqlx::raw_sql(SETUP).execute(&pool).await.unwrap();
        World { pool, _database: database }
    }

    /// Runs a statement and takes it back.
    pub(crate) async fn try_out(&self, sql: &str) -> Seen {
        let mut tx = self.pool.begin().await.unwrap();
        let before = relations(&mut tx).await;
        if let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *tx).await {
            panic!("{sql}\n{error}");
        }
        let modes = modes(&mut tx, &before).await;
        let after = relations(&mut tx).await;
        tx.rollback().await.unwrap();
        let changed = |what: fn(&Met, &Met) -> bool| {
            let pairs = before.iter().filter_map(|old| after.iter().find(|new| new.oid == old.oid).map(|new| (old, new)));
            pairs.filter(|(old, _)| old.is_table()).any(|(old, new)| what(old, new))
        };
        Seen {
            modes,
            tables: before.iter().filter(|met| met.is_table()).map(|met| met.relation.clone()).collect(),
            indexes: before.iter().filter_map(|met| met.table.clone().map(|table| (met.relation.clone(), table))).collect(),
            scanned: changed(|old, new| new.scans > old.scans),
            rewritten: changed(|old, new| new.filenode != old.filenode),
        }
    }
}

impl Met {
    fn is_table(&self) -> bool {
        matches!(self.kind.as_str(), "r" | "p" | "v" | "m")
    }
}

pub(crate) async fn relations(connection: &mut PgConnection) -> Vec<Met> {
    let sql = "SELECT c.oid::int8, c.relname::text, c.relkind::text, t.relname::text, pg_relation_filenode(c.oid)::int8, \
               pg_stat_get_xact_numscans(c.oid) \
               FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = i.indrelid \
               WHERE c.relnamespace = 'public'::regnamespace";
    let rows = sqlx::query(sql).fetch_all(connection).await.unwrap();
    let met = |row: &PgRow| Met {
        oid: row.get(0),
        relation: row.get(1),
        kind: row.get(2),
        table: row.get(3),
        filenode: row.get(4),
        scans: row.get(5),
    };
    rows.iter().map(met).collect()
}

async fn modes(connection: &mut PgConnection, known: &[Met]) -> BTreeMap<String, Mode> {
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *connection).await.unwrap();
    modes_of(connection, pid, known).await
}

/// The strongest lock that a session has on each relation.
pub(crate) async fn modes_of(connection: &mut PgConnection, pid: i32, known: &[Met]) -> BTreeMap<String, Mode> {
    let sql = "SELECT relation::int8, mode FROM pg_locks WHERE locktype = 'relation' AND granted AND pid = $1";
    let rows: Vec<(i64, String)> = sqlx::query_as(sql).bind(pid).fetch_all(connection).await.unwrap();
    let mut modes = BTreeMap::new();
    for (oid, name) in rows {
        if let Some(met) = known.iter().find(|met| met.oid == oid) {
            let mode: &mut Mode = modes.entry(met.relation.clone()).or_insert(Mode::AccessShare);
            *mode = (*mode).max(mode_named(&name));
        }
    }
    modes
}

fn mode_named(name: &str) -> Mode {
    match name {
        "AccessShareLock" => Mode::AccessShare,
        "RowShareLock" => Mode::RowShare,
        "RowExclusiveLock" => Mode::RowExclusive,
        "ShareUpdateExclusiveLock" => Mode::ShareUpdateExclusive,
        "ShareLock" => Mode::Share,
        "ShareRowExclusiveLock" => Mode::ShareRowExclusive,
        "ExclusiveLock" => Mode::Exclusive,
        "AccessExclusiveLock" => Mode::AccessExclusive,
        other => panic!("a mode that no documentation names: {other}"),
    }
}
