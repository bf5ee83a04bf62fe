//! A synchronous standby is made under load, the primary is killed, and the standby takes its place.

use super::Kind;
use crate::Failure;
use crate::node::Node;
use crate::site::Site;
use fastrand::Rng;
use std::time::{Duration, Instant};

/// For a standby to catch up.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn promote(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let mut node = site.node.lock().await;
    let mut standby = node.copy(node.next_folder()).await?;
    standby.start().await?;
    node.wait_for_standby(true)?;
    if !follows(site).await {
        // Whatever else goes wrong meanwhile was in the way.
        node.wait_for_standby(false)?;
        return standby.remove().await;
    }
    tokio::time::sleep(Duration::from_millis(random.u64(300..3_000))).await;
    node.kill().await?;
    standby.promote().await?;
    site.move_to(&standby);
    let former: Node = std::mem::replace(&mut *node, standby);
    former.remove().await?;
    site.count(Kind::Promote);
    Ok(())
}

/// From here on every commit waits for it, and it has all that did not.
async fn follows(site: &Site) -> bool {
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        let sql = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'sync'";
        let following = sqlx::query_scalar::<_, i64>(sql).fetch_one(&site.direct()).await;
        if following.is_ok_and(|following| following > 0) {
            return waited_for(site).await.is_ok();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

/// It is the checkpointer that tells sessions to wait, when it has read the setting; it does so before the next checkpoint at the latest.
/// What is written then comes back when the standby has it, and so all that was written before.
async fn waited_for(site: &Site) -> Result<(), sqlx::Error> {
    sqlx::query("CHECKPOINT").execute(&site.direct()).await?;
    sqlx::query("SELECT pg_logical_emit_message(true, 'chaos', '')").execute(&site.direct()).await?;
    Ok(())
}
