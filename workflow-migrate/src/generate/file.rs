//! A file to write, and how versions go on.

use crate::error::Error;
use std::path::PathBuf;

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where.
    pub path: PathBuf,
    /// What; a file without content goes.
    pub content: Option<String>,
    /// A snapshot is replaced; a migration must be new.
    pub snapshot: bool,
}

impl File {
    pub(super) fn write(&self) -> Result<(), Error> {
        let failed = |source| Error::Io { path: self.path.clone(), source };
        let Some(content) = &self.content else { return std::fs::remove_file(&self.path).map_err(failed) };
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        if self.snapshot {
            let unfinished = self.path.with_extension("json.new");
            std::fs::write(&unfinished, content).map_err(failed)?;
            return std::fs::rename(&unfinished, &self.path).map_err(failed);
        }
        let mut file = std::fs::File::create_new(&self.path).map_err(failed)?;
        std::io::Write::write_all(&mut file, content.as_bytes()).map_err(failed)
    }
}

/// How a version reads as a time.
const TIME: &str = "%Y%m%d%H%M%S";

/// The time as a version: `YYYYMMDDHHMMSS` in UTC.
pub fn now() -> i64 {
    chrono::Utc::now().format(TIME).to_string().parse().unwrap_or(0)
}

/// The next version: a second later, so that it reads as a time; where it is no time, one more.
pub(super) fn after(version: i64) -> i64 {
    let time = chrono::NaiveDateTime::parse_from_str(&version.to_string(), TIME);
    let later = time.ok().and_then(|time| time.checked_add_signed(chrono::TimeDelta::seconds(1)));
    later.and_then(|time| time.format(TIME).to_string().parse().ok()).unwrap_or(version.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::after;

    #[test]
    fn versions_go_on_as_times_where_they_are_times() {
        assert_eq!(after(20261231235959), 20270101000000);
        assert_eq!(after(7), 8);
        assert_eq!(after(i64::MAX), i64::MAX);
    }
}
