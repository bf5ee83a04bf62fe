//! What a process that fires was told: a line before each call and one after. A line is one `write`, so a SIGKILL takes nothing of what was
//! said.
//!
//! ```text
//! > 17 0190… deposit -             the 17th call of this process, for this instance; or the key that it is made under
//! < 17 0190… ok 5                  it is at version 5 now
//! < 17 0190… before 4              its key had taken effect before, by version 4
//! < 17 0190… refused a conflict    nothing was written
//! < 17 0190… unknown 0190…         nobody can tell; under which key
//! < 17 0190… resolved true         the same, asked for later: it was written
//! ```
//!
//! The process's name and the number make the name of the call, which history has as its actor.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use uuid::Uuid;

/// A file to which whole lines are appended, whoever else appends to it.
#[derive(Debug)]
pub(crate) struct Lines(File);

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) call: u64,
    pub(crate) id: Uuid,
    pub(crate) said: Said,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// About to be called.
    Intent {
        event: String,
        key: Option<Uuid>,
    },
    Ok {
        version: i64,
    },
    Before {
        version: i64,
    },
    Refused {
        why: String,
    },
    Unknown {
        key: Option<Uuid>,
    },
    Resolved {
        made: bool,
    },
}

impl Lines {
    pub(crate) fn append(path: &Path) -> io::Result<Lines> {
        OpenOptions::new().create(true).append(true).open(path).map(Lines)
    }

    pub(crate) fn write(&self, lines: &str) -> io::Result<()> {
        (&self.0).write_all(lines.as_bytes())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line { call, id, said } = self;
        let key = |key: &Option<Uuid>| key.map_or_else(|| "-".to_owned(), |key| key.to_string());
        match said {
            Said::Intent { event, key: of } => writeln!(f, "> {call} {id} {event} {}", key(of)),
            Said::Ok { version } => writeln!(f, "< {call} {id} ok {version}"),
            Said::Before { version } => writeln!(f, "< {call} {id} before {version}"),
            Said::Refused { why } => writeln!(f, "< {call} {id} refused {}", why.replace('\n', " ")),
            Said::Unknown { key: of } => writeln!(f, "< {call} {id} unknown {}", key(of)),
            Said::Resolved { made } => writeln!(f, "< {call} {id} resolved {made}"),
        }
    }
}

impl Line {
    /// Nothing for what is no line, such as the half of one that a full disk has left.
    pub(crate) fn read(line: &str) -> Option<Line> {
        let mut words = line.splitn(5, ' ');
        let (side, call, id) = (words.next()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let (what, rest) = (words.next()?, words.next().unwrap_or_default());
        let key = || (rest != "-").then(|| rest.parse().ok()).flatten();
        let said = match (side, what) {
            (">", event) => Said::Intent { event: event.to_owned(), key: key() },
            ("<", "ok") => Said::Ok { version: rest.parse().ok()? },
            ("<", "before") => Said::Before { version: rest.parse().ok()? },
            ("<", "refused") => Said::Refused { why: rest.to_owned() },
            ("<", "unknown") => Said::Unknown { key: key() },
            ("<", "resolved") => Said::Resolved { made: rest.parse().ok()? },
            _ => return None,
        };
        Some(Line { call, id, said })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let all = [
            Said::Intent { event: "deposit".into(), key: None },
            Said::Intent { event: "renew".into(), key: Some(Uuid::from_u128(7)) },
            Said::Ok { version: 5 },
            Said::Before { version: 4 },
            Said::Refused { why: "account is closed".into() },
            Said::Unknown { key: Some(Uuid::from_u128(8)) },
            Said::Resolved { made: true },
        ];
        for said in all {
            let line = Line { call: 17, id: Uuid::from_u128(1), said };
            assert_eq!(Line::read(line.to_string().trim_end()), Some(line));
        }
        assert_eq!(Line::read("> 17 0190"), None);
    }
}
