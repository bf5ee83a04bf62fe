//! A migrations folder as sqlx sees it.

use crate::error::Error;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The files of a migrations folder.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    /// Their names.
    pub(crate) files: Vec<String>,
}

impl Folder {
    /// Reads it; one that is not there is empty.
    pub(crate) fn read(path: &Path) -> Result<Folder, Error> {
        Ok(Folder { files: names(path)? })
    }

    /// The highest version, or 0.
    pub(crate) fn highest(&self) -> i64 {
        self.files.iter().filter_map(|name| version(name)).max().unwrap_or(0)
    }

    /// Whether what is added has a way back. sqlx runs both kinds side by side, but its `migrate add` refuses to mix them: so a
    /// folder that has only files of the other kind gets that kind.
    pub(crate) fn reversible(&self) -> bool {
        let mut migrations = self.files.iter().filter(|name| version(name).is_some()).peekable();
        migrations.peek().is_none() || migrations.any(|name| name.ends_with(".up.sql") || name.ends_with(".down.sql"))
    }
}

/// `20260101120000_order_create.up.sql`
pub(crate) fn version(name: &str) -> Option<i64> {
    let (version, rest) = name.split_once('_')?;
    if rest.ends_with(".sql") { version.parse().ok() } else { None }
}

/// The snapshots of a migrations folder: sqlx does not look into folders.
pub(crate) fn snapshots(migrations: &Path) -> PathBuf {
    migrations.join(".workflow")
}

/// The names of the files in a folder, sorted.
pub(crate) fn names(path: &Path) -> Result<Vec<String>, Error> {
    let failed = |source| Error::Io { path: path.to_owned(), source };
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        if entry.path().is_file() {
            names.extend(entry.file_name().into_string());
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> Folder {
        Folder { files: files.iter().map(|f| (*f).to_owned()).collect() }
    }

    #[test]
    fn the_kind_of_the_files_that_are_there_is_kept() {
        assert!(folder(&[]).reversible());
        assert!(folder(&["README.md"]).reversible());
        assert!(!folder(&["1_a.sql"]).reversible());
        assert!(folder(&["1_a.sql", "2_b.up.sql"]).reversible());
    }

    #[test]
    fn only_migrations_have_a_version() {
        assert_eq!(folder(&["7_a.sql", "9_b.txt", "x_c.sql", "8.sql"]).highest(), 7);
    }
}
