//! What a peer says at the end, in one line.

use std::time::Duration;

pub struct Account<'a> {
    pub peer: &'a str,
    /// The peer's Cargo.lock, where the version is.
    pub lock: &'a str,
    pub took: Duration,
    /// Whether the state, the data and the library's own record commit in one transaction.
    pub atomic: bool,
    /// How, or why not.
    pub note: String,
}

impl Account<'_> {
    pub fn print(&self) {
        let line = serde_json::json!({
            "peer": self.peer, "version": version(self.lock, self.peer), "seconds": self.took.as_secs_f64(),
            "atomic": self.atomic, "note": self.note,
        });
        println!("{line}");
    }
}

/// Of a package that is locked.
fn version<'l>(lock: &'l str, package: &str) -> &'l str {
    let after = lock.split_once(&format!("name = \"{package}\"\nversion = \"")).map(|(_, after)| after);
    after.and_then(|after| after.split('"').next()).unwrap_or("unknown")
}
