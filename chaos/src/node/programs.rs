//! Where PostgreSQL's programs are, and who runs them.

use crate::Failure;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;

#[derive(Debug, Clone)]
pub(crate) struct Programs {
    folder: PathBuf,
    /// PostgreSQL refuses to run as root.
    instead_of_root: Option<(u32, u32)>,
}

impl Programs {
    pub(crate) async fn find() -> Result<Programs, Failure> {
        let said = Command::new("pg_config").arg("--bindir").output().await?;
        let folder = match std::env::var_os("WORKFLOW_PG_BIN") {
            Some(folder) => PathBuf::from(folder),
            None => PathBuf::from(String::from_utf8(said.stdout)?.trim()),
        };
        let installed =
            std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
        let folder = std::iter::once(folder).chain(installed).find(|folder| folder.join("initdb").is_file());
        let root = rustix::process::geteuid().is_root();
        let instead_of_root = if root { Some(lesser(&std::fs::read_to_string("/etc/passwd")?)?) } else { None };
        Ok(Programs { folder: folder.ok_or("PostgreSQL's programs are not installed")?, instead_of_root })
    }

    /// With us it ends: `setpriv` has the kernel see to that, however we end.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "SIGQUIT"]);
        if let Some((user, group)) = self.instead_of_root {
            command.args([format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".to_owned()]);
        }
        command.arg(self.folder.join(program)).env("LC_ALL", "C").current_dir("/").stdin(Stdio::null()).process_group(0);
        command
    }

    pub(super) async fn run(&self, command: &mut Command) -> Result<(), Failure> {
        let output = command.output().await?;
        match output.status.success() {
            true => Ok(()),
            false => Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr)).into()),
        }
    }

    pub(crate) fn own(&self, path: &Path) -> std::io::Result<()> {
        self.instead_of_root.map_or(Ok(()), |(user, group)| std::os::unix::fs::chown(path, Some(user), Some(group)))
    }
}

/// User and group of `postgres`, or of `nobody`.
fn lesser(passwd: &str) -> Result<(u32, u32), Failure> {
    let ids = |name: &str| {
        let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2);
        Some((ids.next()?.parse().ok()?, ids.next()?.parse().ok()?))
    };
    Ok(ids("postgres").or_else(|| ids("nobody")).ok_or("there is no account to run PostgreSQL as")?)
}
