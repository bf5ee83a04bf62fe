//! Processes of this very program in other roles: each is started again whenever it ends, until it is stopped.

use crate::scenes::Failure;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// For a process that is asked to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// One role.
pub(crate) struct Process {
    kill: mpsc::Sender<()>,
    watched: JoinHandle<Result<Ends, Failure>>,
}

/// How often it ended.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Ends {
    /// By SIGKILL.
    pub(crate) killed: u32,
    /// By itself.
    pub(crate) crashed: u32,
}

/// One start of it.
struct Running {
    child: Child,
    /// It ends when this is closed. Waiting for a child would close it, where the child still had it.
    input: ChildStdin,
}

impl Process {
    pub(crate) fn worker(arguments: Vec<String>) -> Result<Process, Failure> {
        let first = Running::start(&arguments)?;
        Ok(Process::watched(first, move |_| arguments.clone()))
    }

    /// A service, and its address. It keeps the port that it was given at its first start.
    pub(crate) async fn service(arguments: Vec<String>) -> Result<(Process, String), Failure> {
        let at = move |port: u16, start: u64| {
            let place = ["--port".into(), port.to_string(), "--start".into(), start.to_string()];
            arguments.iter().cloned().chain(place).collect::<Vec<String>>()
        };
        let mut first = Running::start(&at(0, 0))?;
        let output = first.child.stdout.take().ok_or("the service has no output")?;
        let line = BufReader::new(output).lines().next_line().await?;
        let port: u16 = line.ok_or("the service does not say where it listens")?.parse()?;
        Ok((Process::watched(first, move |start| at(port, start)), format!("http://127.0.0.1:{port}")))
    }

    fn watched(first: Running, arguments: impl Fn(u64) -> Vec<String> + Send + 'static) -> Process {
        let (kill, kills) = mpsc::channel(1);
        Process { kill, watched: tokio::spawn(watch(first, arguments, kills)) }
    }

    /// SIGKILL.
    pub(crate) async fn kill(&self) {
        // One that is watched no more has failed; stopping it tells why.
        let _ = self.kill.send(()).await;
    }

    pub(crate) async fn stop(self) -> Result<Ends, Failure> {
        drop(self.kill);
        self.watched.await?
    }
}

async fn watch(first: Running, arguments: impl Fn(u64) -> Vec<String>, mut kills: mpsc::Receiver<()>) -> Result<Ends, Failure> {
    let (mut running, mut ends) = (first, Ends::default());
    for start in 1.. {
        tokio::select! {
            ended = running.child.wait() => {
                ended?;
                ends.crashed += 1;
            }
            kill = kills.recv() => match kill {
                Some(()) => {
                    running.child.kill().await?;
                    ends.killed += 1;
                }
                None => {
                    running.stop().await?;
                    break;
                }
            },
        }
        running = Running::start(&arguments(start))?;
    }
    Ok(ends)
}

impl Running {
    fn start(arguments: &[String]) -> Result<Running, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let input = child.stdin.take().ok_or("the process has no input")?;
        Ok(Running { child, input })
    }

    async fn stop(mut self) -> Result<(), Failure> {
        drop(self.input);
        match tokio::time::timeout(PATIENCE, self.child.wait()).await {
            Ok(ended) => drop(ended?),
            Err(_) => self.child.kill().await?,
        }
        Ok(())
    }
}

impl std::ops::AddAssign for Ends {
    fn add_assign(&mut self, more: Ends) {
        self.killed += more.killed;
        self.crashed += more.crashed;
    }
}
