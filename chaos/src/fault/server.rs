//! PostgreSQL killed, restarted, and its sessions ended.

use super::Kind;
use crate::Failure;
use crate::site::Site;
use fastrand::Rng;
use std::time::Duration;

pub(super) async fn kill(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let mut node = site.node.lock().await;
    node.kill().await?;
    tokio::time::sleep(Duration::from_millis(random.u64(..800))).await;
    node.start().await?;
    site.count(Kind::KillServer);
    Ok(())
}

pub(super) async fn stop(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let mut node = site.node.lock().await;
    node.stop().await?;
    tokio::time::sleep(Duration::from_millis(random.u64(..800))).await;
    node.start().await?;
    site.count(Kind::StopServer);
    Ok(())
}

/// A few storms, one after the other; each ends half of the sessions.
pub(super) async fn terminate(site: &Site, mut random: Rng) -> Result<(), Failure> {
    for _ in 0..3 {
        let ended = sqlx::query(include_str!("../sql/terminate.sql")).execute(&site.direct()).await;
        ended.inspect(|_| site.count(Kind::Terminate)).map(drop).or_else(super::away)?;
        tokio::time::sleep(Duration::from_millis(random.u64(10..200))).await;
    }
    Ok(())
}
