//! Where PostgreSQL's server programs are.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Error;

/// The folder of one installed PostgreSQL.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    folder: PathBuf,
    /// What `postgres --version` says: a template fits only the version that made it.
    pub(super) version: String,
}

impl Binaries {
    pub(super) fn find() -> Result<Binaries, Error> {
        let folder = match std::env::var_os("WORKFLOW_PG_BIN").filter(|folder| !folder.is_empty()) {
            // A wish that cannot be met is not silently replaced by another version.
            Some(folder) => first_usable([folder.into()]).map_err(|mut tried| Error::WrongFolder { folder: tried.remove(0) })?,
            None => first_usable(usual_places()).map_err(|_| Error::NotInstalled { install: install_command() })?,
        };
        let version =
            output(Command::new(folder.join("postgres")).arg("--version")).map_err(Error::running(&folder.join("postgres")))?;
        Ok(Binaries { folder, version })
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The first folder that holds the programs, or all those tried.
fn first_usable(folders: impl IntoIterator<Item = PathBuf>) -> Result<PathBuf, Vec<PathBuf>> {
    let mut tried = Vec::new();
    for folder in folders {
        // `pg_config` also comes with the client library alone, and then names a folder without them.
        if folder.join("initdb").is_file() && folder.join("postgres").is_file() {
            return Ok(folder);
        }
        tried.push(folder);
    }
    Err(tried)
}

fn usual_places() -> impl Iterator<Item = PathBuf> {
    let configured = output(Command::new("pg_config").arg("--bindir")).ok().map(PathBuf::from);
    configured
        .into_iter()
        .chain(versions("/usr/lib/postgresql", "")) // Debian
        .chain(versions("/usr", "pgsql-")) // Red Hat
        .chain(versions("/opt/homebrew/opt", "postgresql@"))
        .chain(versions("/usr/local/opt", "postgresql@")) // Homebrew before Apple's own processors
        .chain(["/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"].map(PathBuf::from))
}

/// `<parent>/<prefix><number>/bin`, the highest number first.
fn versions(parent: &str, prefix: &str) -> impl Iterator<Item = PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((number, entry.path().join("bin")))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, folder)| folder)
}

fn output(command: &mut Command) -> std::io::Result<String> {
    let output = command.output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(std::io::Error::other(format!("{}: {said}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn install_command() -> String {
    const MANAGERS: [(&str, &str); 6] = [
        ("/opt/homebrew/bin/brew", "brew install postgresql"),
        ("/usr/local/bin/brew", "brew install postgresql"),
        ("/usr/bin/apt-get", "apt-get install postgresql"),
        ("/usr/bin/dnf", "dnf install postgresql-server"),
        ("/sbin/apk", "apk add postgresql"),
        ("/usr/bin/pacman", "pacman -S postgresql"),
    ];
    let found = MANAGERS.iter().find(|(manager, _)| Path::new(manager).exists());
    let command = found.map_or("apt-get install postgresql", |(_, command)| command);
    let needs_root = !command.starts_with("brew") && !rustix::process::geteuid().is_root();
    format!("{}{command}", if needs_root { "sudo " } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_without_the_programs_are_passed_over() {
        let empty = PathBuf::from("/nowhere");
        let installed = Binaries::find().expect("PostgreSQL is installed").folder;
        assert_eq!(first_usable([empty.clone(), installed.clone()]), Ok(installed));
        assert_eq!(first_usable([empty.clone()]), Err(vec![empty]));
    }

    #[test]
    fn the_error_names_the_command_that_installs() {
        let text = Error::NotInstalled { install: install_command() }.to_string();
        assert!(text.contains("install") && text.contains("postgresql"), "{text}");
    }
}
