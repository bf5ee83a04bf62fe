//! The files, and what became of them.

use sqlx::migrate::Migration;
use std::fmt;
use std::time::Duration;

/// A file of the folder, as it is named in the table of applied ones.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct File {
    /// The number before the first underscore.
    pub version: i64,
    /// The rest of the name, with blanks for underscores.
    pub description: String,
}

/// What one call has applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// In the order in which they were applied; what other processes applied meanwhile is not among them.
    pub files: Vec<Done>,
}

/// A file that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Done {
    /// Which.
    pub file: File,
    /// How long its last attempt took.
    pub took: Duration,
    /// How often it was tried.
    pub attempts: u32,
    /// A file with a higher version had been applied before: two branches met. sqlx applies such a file without a word.
    pub out_of_order: bool,
}

impl File {
    pub(crate) fn of(migration: &Migration) -> File {
        File { version: migration.version, description: migration.description.to_string() }
    }
}

impl fmt::Display for File {
    /// As the file is called, without its ending.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.version, self.description.replace(' ', "_"))
    }
}
