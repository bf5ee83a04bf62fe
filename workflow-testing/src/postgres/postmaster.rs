//! The running server: started, watched until it is ready, and ended.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::folder::{self, Folder};
use super::{Error, Installation};

/// Long, because a stop with a last checkpoint was seen to take six seconds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// PostgreSQL's first process, whose children serve the connections.
#[derive(Debug)]
pub(super) struct Postmaster {
    child: Child,
    /// Keeps the thread that started it; see [`spawn`].
    _thread: mpsc::Sender<()>,
}

impl Postmaster {
    /// Starts it on a filled data folder and waits until it takes connections.
    pub(super) fn start(of: &Installation, folder: &Folder, settings: &[String]) -> Result<Postmaster, Error> {
        let data = folder.data();
        let alive = wait_until_unused(&data)?;
        // The lock proves that this file is stale, which PostgreSQL itself could only guess: it stops
        // with "lock file already exists" when its process id has been used again.
        let _ = std::fs::remove_file(data.join("postmaster.pid"));

        let mut command = of.account.command(&of.binaries.program("postgres"));
        command.arg("-D").arg(&data).arg("-k").arg(folder.socket());
        command.args(settings.iter().flat_map(|setting| ["-c", setting]));
        command.stdin(alive); // never read: it hands the lock on to all processes of the server
        command.stdout(Stdio::null()).stderr(folder.open_log()?);
        command.process_group(0); // Ctrl-C is for the application, which then ends the server

        let (child, thread) = spawn(command, Signal::INT).map_err(Error::running(&of.binaries.program("postgres")))?;
        let mut postmaster = Postmaster { child, _thread: thread };
        postmaster.wait_until_ready(folder)?;
        Ok(postmaster)
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn wait_until_ready(&mut self, folder: &Folder) -> Result<(), Error> {
        let start = |why| Error::Start { why, log: last_lines(&folder.log()) };
        let deadline = Instant::now() + PATIENCE;
        while !says_ready(&folder.data(), self.pid()) {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(start(format!("it ended with {status}")));
            }
            if Instant::now() > deadline {
                let _ = self.end(Signal::KILL);
                return Err(start(format!("it was not ready after {PATIENCE:?}")));
            }
            thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Sends the signal and waits for the end: `INT` stops with a checkpoint, `QUIT` without one, and
    /// `KILL` is what a crash looks like.
    pub(super) fn end(&mut self, signal: Signal) -> std::io::Result<()> {
        // Not yet waited for, so the id is still its own.
        if self.child.try_wait()?.is_none() {
            kill_process(Pid::from_child(&self.child), signal)?;
        }
        let deadline = Instant::now() + PATIENCE;
        while self.child.try_wait()?.is_none() {
            if Instant::now() > deadline {
                self.child.kill()?;
            }
            thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

/// What PostgreSQL writes about itself: its id in the first line, its state in the eighth.
fn says_ready(data: &Path, pid: u32) -> bool {
    let text = std::fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines.first() == Some(&pid.to_string().as_str()) && lines.get(7).is_some_and(|state| state.trim() == "ready")
}

pub(super) fn last_lines(log: &Path) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

/// Takes the lock on a data folder when no process of a server has it any more. After the kill of a
/// postmaster its children live on for a moment, and would be in the way of the next one.
pub(super) fn wait_until_unused(data: &Path) -> Result<File, Error> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match folder::lock(data) {
            Ok(lock) => return Ok(lock),
            Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => {
                return Err(Error::at(data)(error));
            }
            Err(_) if Instant::now() > deadline => {
                return Err(Error::StillRunning { data: data.to_owned() });
            }
            Err(_) => thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// Waits for the end of a server whose owner is dead.
pub(super) fn stop_orphan(of: &Installation, data: &Path) -> Result<(), Error> {
    // Linux has told it to stop. Elsewhere we do, as the account that runs it: a process id from a file
    // of that account is nothing to send root's signals to.
    if !cfg!(target_os = "linux") && folder::lock(data).is_err() {
        let stop = ["-D".as_ref(), data.as_os_str(), "-m".as_ref(), "fast".as_ref()];
        let stop = ["stop".as_ref()].into_iter().chain(stop).collect::<Vec<_>>();
        let _ = of.account.run(&of.binaries.program("pg_ctl"), &stop);
    }
    match wait_until_unused(data) {
        Err(Error::File { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(()),
        ended => ended.map(drop),
    }
}

/// Starts the server so that it gets this signal when we are killed. The kernel watches the *thread* that started
/// it, and a test's thread ends with its test; so a thread of its own waits until the server is dropped.
pub(super) fn spawn(mut command: Command, end: Signal) -> std::io::Result<(Child, mpsc::Sender<()>)> {
    #[cfg(target_os = "linux")]
    stop_with_owner(&mut command, end);
    #[cfg(not(target_os = "linux"))]
    let _ = end;
    let (started, child) = mpsc::channel();
    let (keep, dropped) = mpsc::channel::<()>();
    thread::Builder::new().name("postgres".to_owned()).spawn(move || {
        let _ = started.send(command.spawn());
        let _ = dropped.recv();
    })?;
    let child = child.recv().map_err(std::io::Error::other)??;
    Ok((child, keep))
}

#[cfg(target_os = "linux")]
fn stop_with_owner(command: &mut Command, end: Signal) {
    let owner = Pid::from_raw(std::process::id().cast_signed());
    let ask = move || {
        rustix::process::set_parent_process_death_signal(Some(end))?;
        // Killed before the kernel knew our wish: then nobody would stop the server.
        if rustix::process::getppid() != owner {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        }
        Ok(())
    };
    // SAFETY: between fork and exec only async-signal-safe things are allowed. The closure makes two
    // system calls; it neither allocates nor takes a lock. It runs after the change of user, which
    // would clear the wish.
    unsafe { command.pre_exec(ask) };
}
