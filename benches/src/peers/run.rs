//! A peer's program on a database of its own.

use super::{Peer, Way};
use crate::Failure;
use crate::site::dropped;
use serde::Deserialize;
use sqlx::postgres::PgPool;
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;
use tokio::process::{Child, Command};
use workflow_testing::{Database, Server};

const CLIENTS: &str = "8";
const PATIENCE: Duration = Duration::from_secs(90);

/// What a peer says at its end.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Account {
    pub(crate) version: String,
    pub(crate) seconds: f64,
    pub(crate) atomic: bool,
    #[serde(default)]
    pub(crate) note: String,
}

/// A fresh database, with the peer's tables and so many orders.
pub(crate) struct Course<'p> {
    peer: &'p Peer,
    way: Way,
    orders: i64,
    database: Database,
    pub(crate) pool: PgPool,
}

impl<'p> Course<'p> {
    /// The course, or why the peer could not prepare it.
    pub(crate) async fn new(
        server: &Server,
        peer: &'p Peer,
        way: Way,
        orders: i64,
    ) -> Result<Result<Course<'p>, String>, Failure> {
        let database = server.create_database().await?;
        let pool = database.pool_with(2).await?;
        let course = Course { peer, way, orders, database, pool };
        let output = course.command("setup").args(["--orders", &orders.to_string()]).output();
        let reason = match tokio::time::timeout(PATIENCE, output).await {
            Err(_) => format!("setup: gave up after {} s", PATIENCE.as_secs()),
            Ok(output) => match output? {
                output if output.status.success() => return course.settled().await.map(Ok),
                output => format!("setup: {}", complaint(&output)),
            },
        };
        course.end(server).await?;
        Ok(Err(reason))
    }

    /// Whatever the peer has prepared: it is measured from the same point.
    async fn settled(self) -> Result<Course<'p>, Failure> {
        for sql in ["VACUUM ANALYZE", "CHECKPOINT"] {
            sqlx::raw_sql(sql).execute(&self.pool).await?;
        }
        Ok(self)
    }

    /// Until the peer says that it is through, or why it is not.
    pub(crate) async fn run(&self) -> Result<Result<Account, String>, Failure> {
        let child = self.started()?;
        match tokio::time::timeout(PATIENCE, child.wait_with_output()).await {
            Err(_) => Ok(Err(format!("gave up after {} s", PATIENCE.as_secs()))),
            Ok(output) => Ok(account(&output?)),
        }
    }

    /// The process is killed when it is dropped.
    pub(crate) fn started(&self) -> Result<Child, Failure> {
        let Way { mode, configuration } = self.way;
        let mut command = self.command("run");
        command.args(["--mode", mode.name(), "--configuration", configuration.name(), "--clients", CLIENTS]);
        command.args(["--orders", &self.orders.to_string()]);
        Ok(command.spawn()?)
    }

    fn command(&self, what: &str) -> Command {
        let mut command = Command::new(&self.peer.program);
        command.args([what, "--url", self.database.url()]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    pub(crate) fn orders(&self) -> i64 {
        self.orders
    }

    pub(crate) fn table(&self) -> &'static str {
        self.peer.table(self.way.mode)
    }

    pub(crate) async fn end(self, server: &Server) -> Result<(), Failure> {
        self.pool.close().await;
        dropped(server, &self.database).await
    }
}

fn account(output: &Output) -> Result<Account, String> {
    if !output.status.success() {
        return Err(complaint(output));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(said.trim()).map_err(|error| format!("said `{}`: {error}", said.trim()))
}

fn complaint(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    format!("{}: {}", ended(output.status), said.lines().last().unwrap_or("without a word"))
}

fn ended(status: ExitStatus) -> String {
    status.code().map_or_else(|| "ended by a signal".into(), |code| format!("ended with {code}"))
}
