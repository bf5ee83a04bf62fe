//! What `sqlx.toml` says of migrations. sqlx's own type for it would bring the whole of sqlx; this is the part that matters here,
//! and sqlx itself complains of the rest.

use crate::error::Error;
use serde::Deserialize;
use std::io::ErrorKind;
use std::path::Path;

/// `[migrate]`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Settings {
    /// From the folder of the package, as `sqlx::migrate!()` takes it.
    pub(super) migrations_dir: Option<String>,
    pub(super) table_name: Option<String>,
    ignored_chars: Vec<char>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    migrate: Settings,
}

/// The file beside the manifest; without one, everything is as usual.
pub(super) fn read(home: &Path) -> Result<Settings, Error> {
    let path = home.join("sqlx.toml");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Settings::default()),
        Err(source) => return Err(Error::Io { path, source }),
    };
    let settings = toml::from_str::<File>(&text).map(|file| file.migrate);
    let settings = match settings {
        Ok(settings) => settings,
        Err(error) => {
            let reason = error.to_string().trim_end().to_owned();
            return Err(Error::Settings { path, reason });
        }
    };
    if settings.ignored_chars.is_empty() {
        return Ok(settings);
    }
    // Snapshots keep the checksum of a whole file, which then would not be the one in the database.
    let reason = "`[migrate] ignored-chars` is not supported: a snapshot holds the checksum of every character of a file; \
                  where line ends differ, write `migrations/** text eol=lf` to `.gitattributes` instead";
    Err(Error::Settings { path, reason: reason.to_owned() })
}
