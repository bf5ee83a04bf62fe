//! A copy that follows, and takes over.

use super::Node;
use crate::Failure;
use rustix::process::{Signal, kill_process};
use std::path::PathBuf;

impl Node {
    /// A copy of what is there now, which will follow when it is started.
    pub(crate) async fn copy(&self, folder: PathBuf) -> Result<Node, Failure> {
        let copy = Node::in_folder(&self.programs, folder)?;
        let mut command = self.programs.command("pg_basebackup");
        command.args(["-U", "postgres", "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast"]);
        command.arg("-h").arg(&self.folder).arg("-D").arg(copy.data());
        self.programs.run(&mut command).await?;
        Ok(copy)
    }

    /// Whether a commit is acknowledged only when a standby has it on its disk, too.
    pub(crate) fn wait_for_standby(&self, waits: bool) -> Result<(), Failure> {
        let names = if waits { "synchronous_standby_names = '*'\n" } else { "" };
        let path = self.data().join("synchronous.conf");
        std::fs::write(&path, names)?;
        self.programs.own(&path)?;
        if let Some(pid) = self.pid() {
            kill_process(pid, Signal::HUP)?;
        }
        Ok(())
    }

    /// Follows nobody any more.
    pub(crate) async fn promote(&self) -> Result<(), Failure> {
        let mut command = self.programs.command("pg_ctl");
        command.args(["promote", "--wait", "--timeout=60", "-D"]).arg(self.data());
        self.programs.run(&mut command).await
    }

    /// Stopped, and its data removed.
    pub(crate) async fn remove(mut self) -> Result<(), Failure> {
        self.kill().await?;
        std::fs::remove_dir_all(&self.folder)?;
        Ok(())
    }

    /// A folder beside its own that nothing stands in.
    pub(crate) fn next_folder(&self) -> PathBuf {
        let free = |n: &u32| !self.folder.with_file_name(n.to_string()).exists();
        let number = (1..).find(free).unwrap_or_default();
        self.folder.with_file_name(number.to_string())
    }
}
