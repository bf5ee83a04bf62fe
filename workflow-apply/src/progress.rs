//! What happens, while it happens.

use crate::file::{Done, File};
use crate::said::Said;
use crate::turn::Holder;
use crate::watch::{Blocker, in_the_way};
use std::fmt;
use std::time::Duration;

/// What [`apply`](crate::apply) tells while it works. Shown, it is a line for a log.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// Another process migrates this database; it is asked again and again whether it has ended.
    Waiting {
        /// Who it is, where PostgreSQL says so.
        holder: Option<&'a Holder>,
    },
    /// An attempt at a file begins.
    Begun {
        /// Which.
        file: &'a File,
    },
    /// An index that an earlier attempt had left invalid was dropped.
    Dropped {
        /// The file that builds it.
        file: &'a File,
        /// Its name, with its schema.
        index: &'a str,
    },
    /// A lock was not to be had, or there was a deadlock: nothing was kept, and it is tried again.
    Again {
        /// The file, or none when it was the table of applied files.
        file: Option<&'a File>,
        /// What PostgreSQL said.
        said: &'a Said,
        /// Who was in the way, the oldest transaction first; empty where that could not be seen.
        blockers: &'a [Blocker],
        /// How long it lets the others pass.
        pause: Duration,
    },
    /// A file was applied.
    Applied(&'a Done),
}

impl fmt::Display for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Progress::Waiting { holder: Some(holder) } => write!(f, "another process migrates this database: {holder}"),
            Progress::Waiting { holder: None } => write!(f, "another process migrates this database"),
            Progress::Begun { file } => write!(f, "applying {file}"),
            Progress::Dropped { file, index } => write!(f, "{file}: dropped {index}, which an earlier attempt left invalid"),
            Progress::Again { file, said, blockers, pause } => {
                file.map_or(Ok(()), |file| write!(f, "{file}: "))?;
                write!(f, "{said}; again in {pause:.1?}")?;
                if blockers.is_empty() { Ok(()) } else { write!(f, "; {}", in_the_way(blockers)) }
            }
            Progress::Applied(done) => {
                write!(f, "applied {} ({:.1?}", done.file, done.took)?;
                if done.attempts > 1 {
                    write!(f, ", attempt {}", done.attempts)?;
                }
                f.write_str(if done.out_of_order { ", out of order)" } else { ")" })
            }
        }
    }
}
