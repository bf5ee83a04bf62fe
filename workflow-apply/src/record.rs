//! The table of applied files. It is sqlx's, and stays as sqlx writes it.

use crate::error::Cause;
use crate::file::File;
use sqlx::migrate::{Migrate, MigrateError, Migration, Migrator};
use sqlx::{AssertSqlSafe, PgConnection};
use std::time::Duration;

/// A file that was applied, or half applied.
pub(crate) struct Row {
    file: File,
    /// sqlx writes a row when its file has succeeded, so that it is always true; a tool that writes it before leaves false.
    success: bool,
    checksum: Vec<u8>,
}

impl Row {
    pub(crate) fn is_of(&self, file: &File) -> bool {
        self.success && self.file.version == file.version
    }
}

/// A file to apply.
pub(crate) struct Pending<'m> {
    pub(crate) migration: &'m Migration,
    pub(crate) file: File,
    pub(crate) out_of_order: bool,
    /// It has a row that says that it did not succeed.
    pub(crate) half: bool,
}

/// The rows; none when the table is not there.
pub(crate) async fn rows(connection: &mut PgConnection, table: &str) -> sqlx::Result<Vec<Row>> {
    if !exists(connection, table).await? {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, String, bool, Vec<u8>)> =
        sqlx::query_as(of(include_str!("sql/rows.sql"), table)).fetch_all(connection).await?;
    let row = |(version, description, success, checksum)| Row { file: File { version, description }, success, checksum };
    Ok(rows.into_iter().map(row).collect())
}

/// Makes the table when it is not there. Asking first lets a role without the right to create run when nothing is to be made.
pub(crate) async fn ensure(connection: &mut PgConnection, migrator: &Migrator) -> sqlx::Result<()> {
    if exists(connection, &migrator.table_name).await? {
        return Ok(());
    }
    for schema in migrator.create_schemas.iter() {
        connection.create_schema_if_not_exists(schema).await.map_err(plain)?;
    }
    connection.ensure_migrations_table(&migrator.table_name).await.map_err(plain)
}

async fn exists(connection: &mut PgConnection, table: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL").bind(table).fetch_one(connection).await
}

/// What is to be applied, in order. Every row is looked at before anything is done; sqlx finds an edited file only when it comes to it.
pub(crate) fn pending<'m>(migrator: &'m Migrator, rows: &[Row]) -> Result<Vec<Pending<'m>>, Cause> {
    for row in rows {
        agrees(migrator, row)?;
    }
    let highest = rows.iter().map(|row| row.file.version).max();
    let ups = migrator.iter().filter(|migration| !migration.migration_type.is_down_migration());
    let pending = ups.filter_map(|migration| {
        let row = rows.iter().find(|row| row.file.version == migration.version);
        let out_of_order = row.is_none() && highest.is_some_and(|highest| migration.version < highest);
        let half = row.is_some_and(|row| !row.success);
        let pending = Pending { migration, file: File::of(migration), out_of_order, half };
        (row.is_none() || half).then_some(pending)
    });
    Ok(pending.collect())
}

/// A file that runs without a transaction can be carried out again, so that half of it does no harm.
fn agrees(migrator: &Migrator, row: &Row) -> Result<(), Cause> {
    let mut same = migrator.iter().filter(|migration| migration.version == row.file.version).peekable();
    let missing = same.peek().is_none();
    let up = same.find(|migration| !migration.migration_type.is_down_migration());
    let file = || row.file.clone();
    match up {
        None if !row.success => Err(Cause::Dirty { file: file() }),
        None if missing && !migrator.ignore_missing => Err(Cause::Missing { file: file() }),
        None => Ok(()),
        Some(up) if *up.checksum != *row.checksum => Err(Cause::Edited { file: File::of(up) }),
        Some(up) if !row.success && !up.no_tx => Err(Cause::Dirty { file: file() }),
        Some(_) => Ok(()),
    }
}

/// Writes the row of a file that has run, in the transaction of that file where it has one.
pub(crate) async fn write(connection: &mut PgConnection, table: &str, pending: &Pending<'_>) -> sqlx::Result<()> {
    if pending.half {
        let mended = sqlx::query(of(include_str!("sql/mended.sql"), table)).bind(pending.file.version);
        return mended.execute(connection).await.map(drop);
    }
    // In sqlx's words it is skipped: the row is written, and the file not run. So the row is sqlx's own.
    connection.skip(table, pending.migration).await.map_err(plain)
}

/// How long it took is written afterwards, since a transaction cannot know how long its commit takes. sqlx does the same.
pub(crate) async fn took(connection: &mut PgConnection, table: &str, file: &File, took: Duration) -> sqlx::Result<()> {
    let nanoseconds = i64::try_from(took.as_nanos()).unwrap_or(i64::MAX);
    let took = sqlx::query(of(include_str!("sql/took.sql"), table)).bind(nanoseconds).bind(file.version);
    took.execute(connection).await.map(drop)
}

/// The name of the table is the migrator's, which may hold a schema and quotes; sqlx puts it into its statements as it is.
fn of(sql: &str, table: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql.replace("{table}", table))
}

fn plain(error: MigrateError) -> sqlx::Error {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error,
        other => sqlx::Error::Migrate(Box::new(other)),
    }
}
