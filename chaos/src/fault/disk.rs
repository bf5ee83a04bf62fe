//! The server's disk is full for a moment.

use super::Kind;
use crate::Failure;
use crate::site::Site;
use fastrand::Rng;
use std::time::Duration;

/// Statements fail when tables cannot grow; when the log cannot, the server goes down, and cannot even recover.
pub(super) async fn fill(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let Some(volume) = &site.volume else { return Ok(()) };
    let mut node = site.node.lock().await;
    // Between nothing and some segments of the log.
    let filled = volume.fill(random.u64(..64 << 20));
    tokio::time::sleep(Duration::from_millis(random.u64(500..4_000))).await;
    volume.free()?;
    node.revive().await?;
    // While others write, the room that there was may be gone before it is taken.
    if filled.is_ok() {
        site.count(Kind::FillDisk);
    }
    Ok(())
}
