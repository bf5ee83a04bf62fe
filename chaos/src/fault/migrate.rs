//! A workflow beside the others goes from one version to the next, both phases, while programs of both write.

mod files;
mod notes;

use super::Kind;
use crate::Failure;
use crate::check::{Anomaly, Name};
use crate::site::Site;
use fastrand::Rng;
use files::Files;
use notes::Writers;
use sqlx::{Connection, PgConnection};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use uuid::Uuid;
use workflow_migrate::Step;

/// How long they write between two phases.
const WHILE: Duration = Duration::from_millis(1_500);

/// In a database of its own, on the server that everything befalls.
pub(super) async fn change(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let name = format!("notes_{}", random.u32(..));
    until_done(site, "postgres", &format!("CREATE DATABASE {name}")).await?;
    let writers = Arc::new(Writers::new(&site.wire.url(&name))?);
    let writing = tokio::spawn({
        let (writers, random) = (writers.clone(), random.fork());
        async move { writers.write(random).await }
    });
    let mut files = Files::new(site.logs().join(&name))?;
    let applied = phases(site, &name, &mut files, &writers).await;
    writers.over.store(true, Ordering::Relaxed);
    writing.await?;
    match applied {
        Ok(()) => site.count(Kind::Migrate),
        Err(failure) => site.found(Anomaly::of(Name::BrokenMigration, Uuid::nil(), [failure.to_string()])),
    }
    review(site, &name, &writers).await?;
    until_done(site, "postgres", &format!("DROP DATABASE {name} WITH (FORCE)")).await
}

async fn phases(site: &Site, name: &str, files: &mut Files, writers: &Writers) -> Result<(), Failure> {
    let [before, after] = [include_str!("migrate/before.rs"), include_str!("migrate/after.rs")];
    files.generate(before, Step::Expand)?;
    files.apply(site, name).await?;
    writers.before.store(true, Ordering::Relaxed);
    tokio::time::sleep(WHILE).await;
    files.generate(after, Step::Expand)?;
    files.apply(site, name).await?;
    writers.after.store(true, Ordering::Relaxed);
    tokio::time::sleep(WHILE).await;
    writers.before.store(false, Ordering::Relaxed);
    tokio::time::sleep(WHILE).await;
    files.generate(after, Step::Contract)?;
    files.apply(site, name).await?;
    tokio::time::sleep(WHILE).await;
    Ok(())
}

/// All that they were told is in history, which has no gap and ends where the row is.
async fn review(site: &Site, name: &str, writers: &Writers) -> Result<(), Failure> {
    let told = writers.told();
    let (ids, versions, actors): (Vec<_>, Vec<_>, Vec<_>) = told.made.into_iter().collect();
    let sql = include_str!("../sql/notes.sql");
    let wrong: Vec<(String, Uuid, i64)> = loop {
        let asked = async {
            let mut connection = connect(site, name).await?;
            sqlx::query_as(sql).bind(&ids).bind(&versions).bind(&actors).fetch_all(&mut connection).await
        };
        match asked.await {
            Ok(wrong) => break wrong,
            Err(error)
                if error.as_database_error().is_some_and(|error| error.code().is_some_and(|code| code.starts_with("42"))) =>
            {
                return Err(error.into());
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    };
    for (what, id, version) in wrong {
        site.found(Anomaly::of(Name::BrokenMigration, id, [format!("{what}, version {version}")]));
    }
    if !told.broken.is_empty() {
        site.found(Anomaly::of(Name::BrokenMigration, Uuid::nil(), told.broken));
    }
    Ok(())
}

async fn connect(site: &Site, database: &str) -> Result<PgConnection, sqlx::Error> {
    PgConnection::connect_with(&(*site.direct().connect_options()).clone().database(database)).await
}

/// Once in the end, wherever the server is meanwhile.
async fn until_done(site: &Site, database: &str, sql: &str) -> Result<(), Failure> {
    for _ in 0..300 {
        let asked = async {
            let mut connection = connect(site, database).await?;
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await
        };
        match asked.await {
            Ok(_) => return Ok(()),
            // It was done, and the answer was lost.
            Err(error) if error.as_database_error().is_some_and(|e| matches!(e.code().as_deref(), Some("42P04" | "3D000"))) => {
                return Ok(());
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
    Err(format!("{sql}: not in a minute").into())
}
