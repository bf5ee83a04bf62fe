//! A PostgreSQL server whose every process can be killed, and that can be copied into a standby.
//!
//! It waits for the disk (`fsync`), as in production. What SIGKILL takes, the page cache keeps; a power failure is not played here.

mod processes;
mod programs;
mod standby;

pub(crate) use programs::Programs;

use crate::Failure;
use processes::{children, lives, stat};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgPool};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::Child;

/// For a start with recovery, on a machine that does other things, too.
const PATIENCE: Duration = Duration::from_secs(60);

/// The database in which everything takes place.
pub(crate) const DATABASE: &str = "chaos";

/// Small buffers and frequent checkpoints, so that it is back quickly; few connections, so that they can be used up.
const SETTINGS: &str = "
listen_addresses = ''
timezone = 'UTC'
max_connections = 70
shared_buffers = '64MB'
fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = on
checkpoint_timeout = '30s'
max_wal_size = '256MB'
wal_keep_size = '128MB'
max_wal_senders = 8
hot_standby = on
deadlock_timeout = '200ms'
log_min_messages = fatal
log_min_error_statement = panic
include_if_exists = 'synchronous.conf'
";

#[derive(Debug)]
pub(crate) struct Node {
    programs: Programs,
    folder: PathBuf,
    running: Option<Child>,
}

impl Node {
    /// With an empty database; not started yet.
    pub(crate) async fn new(programs: &Programs, folder: PathBuf) -> Result<Node, Failure> {
        let node = Node::in_folder(programs, folder)?;
        let mut command = programs.command("initdb");
        command.args(["-U", "postgres", "--auth=trust", "--no-sync", "-D"]).arg(node.data());
        programs.run(&mut command).await?;
        let conf = node.data().join("postgresql.conf");
        std::fs::write(&conf, std::fs::read_to_string(&conf)? + SETTINGS)?;
        Ok(node)
    }

    fn in_folder(programs: &Programs, folder: PathBuf) -> Result<Node, Failure> {
        std::fs::create_dir_all(&folder)?;
        programs.own(&folder)?;
        Ok(Node { programs: programs.clone(), folder, running: None })
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    fn options(&self, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass().socket(&self.folder).username("postgres").database(database)
    }

    /// Straight to the server, past the wire.
    pub(crate) fn pool(&self, most: u32) -> PgPool {
        let patience = Duration::from_secs(5);
        PgPoolOptions::new().max_connections(most).acquire_timeout(patience).connect_lazy_with(self.options(DATABASE))
    }

    pub(crate) async fn create_database(&self) -> Result<(), Failure> {
        let pool = PgPoolOptions::new().max_connections(1).connect_with(self.options("postgres")).await?;
        sqlx::query("CREATE DATABASE chaos").execute(&pool).await?;
        Ok(())
    }

    /// Comes back when it takes connections.
    pub(crate) async fn start(&mut self) -> Result<(), Failure> {
        // We have seen all its processes end; PostgreSQL would have to guess.
        let _ = std::fs::remove_file(self.data().join("postmaster.pid"));
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.folder.join("log"))?;
        let mut command = self.programs.command("postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(&self.folder);
        self.running = Some(command.stdout(Stdio::null()).stderr(log).spawn()?);
        self.ready().await
    }

    async fn ready(&mut self) -> Result<(), Failure> {
        let since = Instant::now();
        while !says_ready(&self.data()) {
            let ended = self.running.as_mut().map(Child::try_wait).transpose()?.flatten();
            if let Some(status) = ended {
                return Err(format!("PostgreSQL ended with {status}: see {}", self.folder.join("log").display()).into());
            }
            if since.elapsed() > PATIENCE {
                return Err(format!("PostgreSQL is not ready after {PATIENCE:?}").into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// After something that may have ended it, or has it recover by itself: comes back when it takes connections.
    pub(crate) async fn revive(&mut self) -> Result<(), Failure> {
        let since = Instant::now();
        loop {
            if self.running.as_mut().map(Child::try_wait).transpose()?.flatten().is_some() {
                self.start().await?;
            }
            match sqlx::PgConnection::connect_with(&self.options(DATABASE)).await {
                Ok(_) => return Ok(()),
                Err(error) if since.elapsed() > PATIENCE => return Err(error.into()),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// The sessions that it serves now.
    pub(crate) fn sessions(&self) -> Vec<Pid> {
        let serves = |pid: &Pid| {
            let title = std::fs::read(format!("/proc/{}/cmdline", pid.as_raw_nonzero())).unwrap_or_default();
            String::from_utf8_lossy(&title).starts_with(&format!("postgres: postgres {DATABASE}"))
        };
        self.pid().map(children).unwrap_or_default().into_iter().filter(serves).collect()
    }

    fn pid(&self) -> Option<Pid> {
        let id = self.running.as_ref()?.id()?;
        Pid::from_raw(id.cast_signed())
    }

    /// SIGKILL for all its processes at once. None of them can tell another.
    pub(crate) async fn kill(&mut self) -> Result<(), Failure> {
        let (first, child) = (self.pid(), self.running.take());
        let Some((first, mut child)) = first.zip(child) else { return Ok(()) };
        // So that it makes no more of them while we look: one that was missed would go on, and commit.
        kill_process(first, Signal::STOP)?;
        while stat(first).is_some_and(|(state, _)| state != "T" && state != "Z") {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let others = children(first);
        for pid in std::iter::once(first).chain(others.iter().copied()) {
            let _ = kill_process(pid, Signal::KILL);
        }
        child.wait().await?;
        while others.iter().any(|pid| lives(*pid)) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }

    /// Properly, breaking off what it was asked to do.
    pub(crate) async fn stop(&mut self) -> Result<(), Failure> {
        let (pid, child) = (self.pid(), self.running.take());
        let Some((pid, mut child)) = pid.zip(child) else { return Ok(()) };
        kill_process(pid, Signal::INT)?;
        match tokio::time::timeout(PATIENCE, child.wait()).await {
            Ok(ended) => drop(ended?),
            Err(_) => {
                self.running = Some(child);
                self.kill().await?;
            }
        }
        Ok(())
    }
}

/// The eighth line is the state.
fn says_ready(data: &Path) -> bool {
    let text = std::fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    text.lines().nth(7).is_some_and(|state| state.trim() == "ready")
}
