//! What a service remembers over its own death: a file that is only added to, with a line of JSON an entry.

use super::fate::Mishap;
use crate::partners::{Letter, Parcel};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// What is remembered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Entry {
    /// Something went wrong.
    Suffered {
        /// What.
        mishap: Mishap,
    },
    /// The courier was asked to go where it does not go.
    Declined {
        /// By whom.
        key: String,
    },
    /// The courier has taken a parcel.
    Booked {
        /// Under which key.
        key: String,
        /// The answer, for ever.
        parcel: Parcel,
    },
    /// The courier has done with a parcel, and the shop knows.
    Arrived {
        /// Its number.
        tracking: String,
        /// Not, when the shop had cancelled the order.
        delivered: bool,
    },
    /// A mail has gone out.
    Sent {
        /// Under which key.
        key: String,
        /// What it said.
        letter: Letter,
    },
}

/// The file.
#[derive(Debug)]
pub struct Ledger {
    file: Arc<File>,
}

impl Ledger {
    /// Opens it, and reads what was written before. A line that a death has cut off was never answered for, and goes.
    pub(super) fn open(path: &Path) -> io::Result<(Ledger, Vec<Entry>)> {
        let file = File::options().create(true).append(true).open(path)?;
        let text = std::fs::read_to_string(path)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(u64::try_from(whole).unwrap_or(u64::MAX))?;
        Ok((Ledger { file: Arc::new(file) }, parse(&text[..whole])?))
    }

    /// What a ledger holds.
    ///
    /// # Errors
    ///
    /// When there is no such file, or it is no ledger.
    pub fn read(path: &Path) -> io::Result<Vec<Entry>> {
        parse(&std::fs::read_to_string(path)?)
    }

    /// Comes back when it is on the disk.
    pub(super) async fn write(&self, entries: &[Entry]) -> io::Result<()> {
        let mut lines = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut lines, entry)?;
            lines.push(b'\n');
        }
        let file = self.file.clone();
        let written = tokio::task::spawn_blocking(move || {
            (&*file).write_all(&lines)?;
            file.sync_data()
        });
        written.await.map_err(io::Error::other)?
    }
}

fn parse(text: &str) -> io::Result<Vec<Entry>> {
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}
