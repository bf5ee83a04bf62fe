//! Processes of this very program in other roles. Each is started again whenever it ends, under a new name.

use crate::Failure;
use crate::load::Load;
use rustix::process::{Pid, Signal, kill_process};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use uuid::Uuid;

/// For a process that is asked to end: it makes an end of what it has begun.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(crate) struct Troupe {
    url: String,
    /// Logs, ledgers and whatever is said on stderr.
    folder: PathBuf,
    load: Load,
    seed: u64,
    actors: Vec<Mutex<Actor>>,
    crashed: AtomicU64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Fires,
    Performs,
}

#[derive(Debug)]
struct Actor {
    role: Role,
    name: String,
    starts: u64,
    running: Option<Child>,
}

impl Troupe {
    pub(crate) fn new(url: String, folder: PathBuf, load: Load, seed: u64) -> Troupe {
        let actor = |role, name| Mutex::new(Actor { role, name, starts: 0, running: None });
        let clients = (0..load.clients).map(|n| actor(Role::Fires, format!("c{n}")));
        let workers = (0..load.workers).map(|n| actor(Role::Performs, format!("w{n}")));
        let actors = clients.chain(workers).collect();
        Troupe { url, folder, load, seed, actors, crashed: AtomicU64::new(0) }
    }

    /// The numbers of those that fire.
    pub(crate) fn firing(&self) -> std::ops::Range<usize> {
        0..self.load.clients
    }

    /// The numbers of those that perform.
    pub(crate) fn performing(&self) -> std::ops::Range<usize> {
        self.load.clients..self.actors.len()
    }

    pub(crate) async fn start(&self) -> Result<(), Failure> {
        for actor in &self.actors {
            self.begin(&mut *actor.lock().await, &[])?;
        }
        Ok(())
    }

    /// SIGKILL, and a new start at once, with more in its environment.
    pub(crate) async fn kill(&self, number: usize, environment: &[(String, String)]) -> Result<(), Failure> {
        let mut actor = self.actors[number].lock().await;
        if let Some(mut child) = actor.running.take() {
            child.kill().await?;
        }
        self.begin(&mut actor, environment)
    }

    /// SIGSTOP for so long, then SIGCONT. It is not killed meanwhile.
    pub(crate) async fn stall(&self, number: usize, so_long: Duration) -> Result<(), Failure> {
        let actor = self.actors[number].lock().await;
        let id = actor.running.as_ref().and_then(Child::id);
        let Some(pid) = id.and_then(|id| Pid::from_raw(id.cast_signed())) else { return Ok(()) };
        kill_process(pid, Signal::STOP)?;
        tokio::time::sleep(so_long).await;
        kill_process(pid, Signal::CONT)?;
        Ok(())
    }

    /// Those that have ended by themselves, which none should, are started again.
    pub(crate) async fn tend(&self) -> Result<(), Failure> {
        for actor in &self.actors {
            let Ok(mut actor) = actor.try_lock() else { continue };
            if actor.running.as_mut().map(Child::try_wait).transpose()?.flatten().is_some() {
                self.crashed.fetch_add(1, Ordering::Relaxed);
                self.begin(&mut actor, &[])?;
            }
        }
        Ok(())
    }

    /// How many have ended by themselves.
    pub(crate) fn crashed(&self) -> u64 {
        self.crashed.load(Ordering::Relaxed)
    }

    /// All of a role are asked to end.
    pub(crate) async fn stop(&self, role: Role) -> Result<(), Failure> {
        let mut ending = Vec::new();
        for actor in &self.actors {
            let mut actor = actor.lock().await;
            if actor.role == role {
                ending.extend(actor.running.take());
            }
        }
        ending.iter_mut().for_each(|child| drop(child.stdin.take()));
        for mut child in ending {
            if tokio::time::timeout(PATIENCE, child.wait()).await.is_err() {
                child.kill().await?;
            }
        }
        Ok(())
    }

    fn begin(&self, actor: &mut Actor, environment: &[(String, String)]) -> Result<(), Failure> {
        actor.starts += 1;
        let (name, load) = (format!("{}-{}", actor.name, actor.starts), &self.load);
        let seed = seed_of(self.seed, &name).to_string();
        let mut command = Command::new(std::env::current_exe()?);
        match actor.role {
            Role::Fires => {
                command.args(["client", &self.url]).arg(self.folder.join(format!("{name}.log"))).arg(seed);
                let numbers = [("tasks", load.tasks), ("accounts", load.accounts), ("together", load.together)];
                command.args(numbers.iter().flat_map(|(name, number)| [format!("--{name}"), number.to_string()]));
            }
            Role::Performs => {
                command.args(["worker", &self.url]).arg(self.folder.join(format!("{name}.ledger"))).arg(seed);
            }
        }
        let errors = std::fs::OpenOptions::new().create(true).append(true).open(self.folder.join("stderr"))?;
        command.envs(environment.iter().cloned()).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(errors);
        actor.running = Some(command.kill_on_drop(true).spawn()?);
        Ok(())
    }
}

/// Another one for each name.
fn seed_of(seed: u64, name: &str) -> u64 {
    Uuid::new_v5(&Uuid::from_u128(seed.into()), name.as_bytes()).as_u64_pair().0
}

/// Whoever started this process is gone, or wants it to end.
pub(crate) async fn abandoned() {
    let _ = tokio::io::stdin().read_to_end(&mut Vec::new()).await;
}

/// Files of one kind, by their names.
pub(crate) fn files(folder: &Path, extension: &str) -> std::io::Result<Vec<PathBuf>> {
    let all = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files = all.collect::<Result<Vec<_>, _>>()?;
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    Ok(files)
}
