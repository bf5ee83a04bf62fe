//! A process that believes in another time, and whose time leaps while it works.

use super::Kind;
use crate::Failure;
use crate::site::Site;
use fastrand::Rng;
use std::path::PathBuf;
use std::time::Duration;

/// The library that tells the wrong time, where it is installed.
pub(super) fn library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|library| library.is_file())
}

/// It is a while in one time, and then in another; the next start brings it back.
pub(super) async fn leap(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let Some(library) = library() else { return Ok(()) };
    let number = random.usize(..site.troupe.performing().end);
    let time = site.logs().join(format!("{number}.time"));
    std::fs::write(&time, offset(&mut random))?;
    let environment = [
        ("LD_PRELOAD", library.display().to_string()),
        ("FAKETIME_TIMESTAMP_FILE", time.display().to_string()),
        ("FAKETIME_CACHE_DURATION", "1".to_owned()),
        // What measures how long something takes goes on.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    site.troupe.kill(number, &environment.map(|(name, value)| (name.to_owned(), value))).await?;
    tokio::time::sleep(Duration::from_millis(random.u64(1_500..4_000))).await;
    std::fs::write(&time, offset(&mut random))?;
    site.count(Kind::LeapClock);
    Ok(())
}

/// Up to a year, there or back.
fn offset(random: &mut Rng) -> String {
    let minutes = random.i64(-525_600..525_600);
    format!("{minutes:+}m")
}
