//! One call of the `git` program, the same whatever the user's settings are.

use super::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a hook sets for its own repository, which need not be the one that is asked.
const OF_A_HOOK: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
];

/// What git answers.
pub(super) enum Answer {
    /// Its output.
    Text(Vec<u8>),
    /// It failed; its last line, in English.
    No(String),
}

/// Asks in a folder. Nothing is written, no pager opens, and nobody is asked for a password.
pub(super) fn ask(folder: &Path, arguments: &[&str]) -> Result<Answer, Error> {
    if !folder.is_dir() {
        return Err(Error::NotARepository(folder.to_owned()));
    }
    let mut command = Command::new("git");
    for name in OF_A_HOOK {
        command.env_remove(name);
    }
    command.args(["--no-pager", "--literal-pathspecs"]).args(arguments).current_dir(folder).stdin(Stdio::null());
    command.env("LC_ALL", "C").env("LANGUAGE", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
    let output = command.output().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::NotInstalled,
        _ => Error::Io(error),
    })?;
    if output.status.success() {
        return Ok(Answer::Text(output.stdout));
    }
    let told = String::from_utf8_lossy(&output.stderr);
    let told = told.trim();
    Ok(Answer::No(told.strip_prefix("fatal: ").unwrap_or(told).to_owned()))
}

/// A path as git has it.
pub(super) fn slashes(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// A path as git tells it.
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}
