//! PostgreSQL killed, restarted, and its sessions ended.

use super::Kind;
use crate::Failure;
use crate::site::Site;
use fastrand::Rng;
use rustix::process::{Signal, kill_process};
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

/// What it was in the middle of is broken off anywhere; shared memory is made anew, as after a crash.
pub(super) async fn kill_session(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let mut node = site.node.lock().await;
    let Some(victim) = random.choice(node.sessions()) else { return Ok(()) };
    if kill_process(victim, Signal::KILL).is_ok() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        node.revive().await?;
        site.count(Kind::KillSession);
    }
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
