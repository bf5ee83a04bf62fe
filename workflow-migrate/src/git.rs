//! What a revision of the repository holds, through the `git` program: nothing is checked out, and nothing is written.

mod command;

use command::{Answer, ask};
use std::path::{Path, PathBuf};

/// The repository in which a folder is. Paths are taken from its root; absolute ones are turned into such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    root: PathBuf,
}

/// Why git did not answer. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no `git` program.
    #[error("`git` is not installed")]
    NotInstalled,
    /// The folder is in no repository.
    #[error("`{}` is not in a git repository", .0.display())]
    NotARepository(PathBuf),
    /// No commit has this name here.
    #[error("there is no revision `{0}` in this repository")]
    UnknownRevision(String),
    /// A path that the repository does not contain.
    #[error("`{}` is outside of the repository `{}`", .path.display(), .root.display())]
    Outside {
        /// The path.
        path: PathBuf,
        /// The repository.
        root: PathBuf,
    },
    /// The file is not UTF-8.
    #[error("`{}` of {revision} is not text", .path.display())]
    NotText {
        /// Which revision.
        revision: String,
        /// The file.
        path: PathBuf,
    },
    /// git says something else.
    #[error("git: {0}")]
    Failed(String),
    /// `git` could not be started.
    #[error("`git` could not be run: {0}")]
    Io(#[from] std::io::Error),
}

impl Error {
    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Error::NotInstalled => Some("install git, and see that `git --version` answers"),
            Error::NotARepository(_) => Some("run it in a checkout; a downloaded archive has no revisions"),
            Error::UnknownRevision(_) => {
                Some("fetch it first, as by `git fetch origin main`; GitHub's checkout has all revisions with `fetch-depth: 0`")
            }
            Error::Outside { .. } | Error::NotText { .. } | Error::Failed(_) | Error::Io(_) => None,
        }
    }
}

impl Repository {
    /// The repository of a folder, which may be anywhere in it, or in one of its worktrees.
    ///
    /// # Errors
    ///
    /// When the folder is in none, or git cannot be run.
    pub fn of(folder: &Path) -> Result<Repository, Error> {
        match ask(folder, &["rev-parse", "--show-toplevel"])? {
            Answer::Text(root) => Ok(Repository { root: command::path(line(&root)) }),
            Answer::No(reason) if reason.contains("not a git repository") => Err(Error::NotARepository(folder.to_owned())),
            Answer::No(reason) => Err(Error::Failed(reason)),
        }
    }

    /// The folder of the checkout.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The text of a file as it is in a revision; `None` where there is no such file.
    ///
    /// # Errors
    ///
    /// When there is no such revision, or the file is not text.
    pub fn show(&self, revision: &str, path: &Path) -> Result<Option<String>, Error> {
        let commit = self.commit(revision)?;
        let path = self.within(path)?;
        let Some(blob) = self.tree(&commit, &path, false)?.into_iter().find_map(|entry| entry.blob(&path)) else {
            return Ok(None);
        };
        let text = self.asked(&["cat-file", "blob", &blob])?;
        let not_text = |_| Error::NotText { revision: revision.to_owned(), path };
        String::from_utf8(text).map(Some).map_err(not_text)
    }

    /// The files below a folder as they are in a revision, from the root, sorted; none where there is no such folder.
    ///
    /// # Errors
    ///
    /// When there is no such revision.
    pub fn list(&self, revision: &str, folder: &Path) -> Result<Vec<PathBuf>, Error> {
        let commit = self.commit(revision)?;
        let folder = self.within(folder)?;
        let mut files: Vec<_> = self.tree(&commit, &folder, true)?.into_iter().filter(|e| e.is_file()).map(|e| e.path).collect();
        // A file of that name is no folder.
        files.retain(|file| *file != folder);
        files.sort();
        Ok(files)
    }

    /// The files below a folder that are in a revision and in the checkout, and differ: from the root, sorted.
    ///
    /// # Errors
    ///
    /// When there is no such revision.
    pub fn altered(&self, revision: &str, folder: &Path) -> Result<Vec<PathBuf>, Error> {
        let (commit, folder) = (self.commit(revision)?, self.within(folder)?);
        let folder = command::slashes(&folder);
        let mut arguments = vec!["diff", "--name-only", "--no-ext-diff", "--no-renames", "--diff-filter=M", "-z", &commit, "--"];
        // Nothing is named where everything is meant.
        arguments.extend((!folder.is_empty()).then_some(folder.as_str()));
        let text = self.asked(&arguments)?;
        let names = text.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let mut files: Vec<_> = names.map(command::path).collect();
        files.sort();
        Ok(files)
    }

    /// The last commit that two revisions have in common; `None` where they have none.
    ///
    /// # Errors
    ///
    /// When one of them is not there.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<Option<String>, Error> {
        let (one, other) = (self.commit(one)?, self.commit(other)?);
        match ask(&self.root, &["merge-base", &one, &other])? {
            Answer::Text(commit) => Ok(Some(String::from_utf8_lossy(line(&commit)).into_owned())),
            Answer::No(reason) if reason.is_empty() => Ok(None),
            Answer::No(reason) => Err(Error::Failed(reason)),
        }
    }

    /// The full name of the commit. What follows works with it only: it can be neither an option nor a path.
    fn commit(&self, revision: &str) -> Result<String, Error> {
        let unknown = || Error::UnknownRevision(revision.to_owned());
        // No name of a revision starts with `-`, and older versions of git do not know `--end-of-options` everywhere.
        if revision.is_empty() || revision.starts_with('-') || revision.contains(char::is_control) {
            return Err(unknown());
        }
        let commit = format!("{revision}^{{commit}}");
        match ask(&self.root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])? {
            Answer::Text(text) => Ok(String::from_utf8_lossy(line(&text)).into_owned()),
            Answer::No(_) => Err(unknown()),
        }
    }

    /// What is at a path, or all that is below it.
    fn tree(&self, commit: &str, path: &Path, below: bool) -> Result<Vec<Entry>, Error> {
        let path = command::slashes(path);
        let mut arguments = vec!["ls-tree", "-z", "--full-tree"];
        arguments.extend(below.then_some("-r"));
        arguments.extend([commit, "--"]);
        // Nothing is named where everything is meant.
        arguments.extend((!path.is_empty()).then_some(path.as_str()));
        let text = self.asked(&arguments)?;
        Ok(text.split(|byte| *byte == 0).filter_map(Entry::read).collect())
    }

    fn asked(&self, arguments: &[&str]) -> Result<Vec<u8>, Error> {
        match ask(&self.root, arguments)? {
            Answer::Text(text) => Ok(text),
            Answer::No(reason) => Err(Error::Failed(reason)),
        }
    }

    /// A path from the root.
    fn within(&self, path: &Path) -> Result<PathBuf, Error> {
        let outside = || Error::Outside { path: path.to_owned(), root: self.root.clone() };
        let path = if path.is_absolute() { &real(path) } else { path };
        let path = if path.is_absolute() { path.strip_prefix(&self.root).map_err(|_| outside())? } else { path };
        let mut within = PathBuf::new();
        for part in path.components() {
            match part {
                std::path::Component::CurDir => {}
                std::path::Component::ParentDir if within.pop() => {}
                std::path::Component::Normal(name) => within.push(name),
                _ => return Err(outside()),
            }
        }
        Ok(within)
    }
}

/// git tells its root without symbolic links. What is not there any more may still be there in a revision.
fn real(path: &Path) -> PathBuf {
    let mut rest = PathBuf::new();
    for folder in path.ancestors() {
        if let Ok(real) = folder.canonicalize() {
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
        let Some(name) = folder.file_name() else { break };
        rest = if rest.as_os_str().is_empty() { name.into() } else { Path::new(name).join(rest) };
    }
    path.to_owned()
}

/// `100644 blob 5716ca59…<tab>src/lib.rs`
struct Entry {
    kind: String,
    id: String,
    path: PathBuf,
}

impl Entry {
    fn read(line: &[u8]) -> Option<Entry> {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        let mut words = std::str::from_utf8(&line[..tab]).ok()?.split(' ').skip(1);
        let (kind, id) = (words.next()?.to_owned(), words.next()?.to_owned());
        Some(Entry { kind, id, path: command::path(&line[tab + 1..]) })
    }

    fn is_file(&self) -> bool {
        self.kind == "blob"
    }

    fn blob(self, path: &Path) -> Option<String> {
        (self.is_file() && self.path == path).then_some(self.id)
    }
}

/// Without the newline behind it.
fn line(text: &[u8]) -> &[u8] {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.strip_suffix(b"\r").unwrap_or(text)
}
