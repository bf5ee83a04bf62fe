//! Who runs PostgreSQL, which refuses to run as root.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::Error;

/// The account PostgreSQL's programs run under: our own, or a lesser one when we are root.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    /// User and group to become.
    instead_of_root: Option<(u32, u32)>,
}

impl Account {
    pub(super) fn choose() -> Result<Account, Error> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Account { instead_of_root: None });
        }
        let passwd = Path::new("/etc/passwd");
        let accounts = std::fs::read_to_string(passwd).map_err(Error::at(passwd))?;
        let ids = ids_of("postgres", &accounts).or_else(|| ids_of("nobody", &accounts));
        Ok(Account { instead_of_root: Some(ids.ok_or(Error::NoAccount)?) })
    }

    /// A command of this account. Nothing of ours reaches it: neither `PGDATA` and the like, nor a
    /// working folder such as `/root`, which it may not even read.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("LC_ALL", "C").current_dir("/");
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        if let Some((user, group)) = self.instead_of_root {
            command.uid(user).gid(group); // and, in the standard library, no further groups
        }
        command
    }

    /// Runs it to its end.
    pub(super) fn run(&self, program: &Path, arguments: &[&std::ffi::OsStr]) -> Result<(), Error> {
        let mut command = self.command(program);
        let output = command.args(arguments).output().map_err(Error::running(program))?;
        if output.status.success() {
            return Ok(());
        }
        let said = format!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
        Err(Error::Program { program: program.to_owned(), said })
    }

    /// Gives a folder of ours to this account.
    pub(super) fn own(&self, folder: &Path) -> Result<(), Error> {
        match self.instead_of_root {
            Some((user, group)) => chown(folder, Some(user), Some(group)).map_err(Error::at(folder)),
            None => Ok(()),
        }
    }

    /// The user PostgreSQL runs as.
    pub(super) fn user(&self) -> u32 {
        self.instead_of_root.map_or(rustix::process::geteuid().as_raw(), |(user, _)| user)
    }
}

/// User and group from a text like `nobody:x:65534:65534:…`; macOS writes `nobody:*:-2:-2:…`.
fn ids_of(name: &str, passwd: &str) -> Option<(u32, u32)> {
    let id = |field: &str| Some(field.parse::<i64>().ok()? as u32);
    passwd.lines().find_map(|line| match line.split(':').collect::<Vec<_>>()[..] {
        [account, _, user, group, ..] if account == name => Some((id(user)?, id(group)?)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_linux_and_macos_write_them() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\nnobody:*:-2:-2::/var/empty:/bin/false\n\
                      postgres:x:101:104::/var/lib/postgresql:/bin/bash\n";
        assert_eq!(ids_of("postgres", passwd), Some((101, 104)));
        assert_eq!(ids_of("nobody", passwd), Some((u32::MAX - 1, u32::MAX - 1)));
        assert_eq!(ids_of("post", passwd), None);
    }
}
