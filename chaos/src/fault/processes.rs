//! SIGKILL and SIGSTOP.

use super::Kind;
use crate::Failure;
use crate::site::Site;
use crate::worker::LEASE;
use fastrand::Rng;
use std::time::Duration;

pub(super) async fn kill_client(site: &Site, mut random: Rng) -> Result<(), Failure> {
    site.troupe.kill(random.usize(site.troupe.firing()), &[]).await?;
    site.count(Kind::KillClient);
    Ok(())
}

pub(super) async fn kill_worker(site: &Site, mut random: Rng) -> Result<(), Failure> {
    site.troupe.kill(random.usize(site.troupe.performing()), &[]).await?;
    site.count(Kind::KillWorker);
    Ok(())
}

/// Others take over what it had; then it goes on, and believes that it still has it.
pub(super) async fn stall_worker(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let late = Duration::from_millis(random.u64(500..3_000));
    site.troupe.stall(random.usize(site.troupe.performing()), LEASE + late).await?;
    site.count(Kind::StallWorker);
    Ok(())
}
